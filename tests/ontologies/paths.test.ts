/** Paths to the root in every system, against expectations written by hand from the printed classifications. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atcAtLevel, codeSystem, codeSystemIds } from '../../ontologies/index.js';

const paths: Record<string, string[]> = {
  icd9cm: [
    '250.00 250.0 250 249-259 240-279 root',
    '401.9 401 401-405 390-459 root',
    '401 401-405 390-459 root',
    '038.9 038 030-041 001-139 root',
    '042 042-042 001-139 root',
    '327.23 327.2 327 327-327 320-389 root',
    // A chapter without blocks is one node.
    '285.9 285 280-289 root',
    'V45.81 V45.8 V45 V40-V49 V01-V91 root',
    'V09.0 V09 V07-V09 V01-V91 root',
    '634.90 634.9 634 634-639 630-679 root',
    'E979.9 E979 E979-E979 E000-E999 root',
    'E878.1 E878 E878-E879 E000-E999 root',
    'E000.9 E000 E000-E000 E000-E999 root',
  ],
  icd9proc: ['36.15 36.1 36 35-39 root', '00.66 00.6 00 00-00 root', '17.42 17.4 17 17-17 root', '99.04 99.0 99 87-99 root', '45 42-54 root'],
  icd10cm: [
    'E11.9 E11 E08-E13 E00-E89 root',
    'I10 I10-I16 I00-I99 root',
    'S72.001A S72.001 S72.00 S72.0 S72 S70-S79 S00-T88 root',
    // The placeholder X is a node only where the tabular list prints it.
    'T36.0X1A T36.0X1 T36.0X T36.0 T36 T36-T50 S00-T88 root',
    'S02.0XXA S02.0 S02 S00-S09 S00-T88 root',
    'W19.XXXA W19 W00-W19 V00-Y99 root',
    // Categories with a letter sort outside the block the tabular list prints them in.
    'C4A.0 C4A C43-C44 C00-D49 root',
    'C7A.00 C7A.0 C7A C7A-C7A C00-D49 root',
    'D3A.8 D3A D3A-D3A C00-D49 root',
    'M1A.0110 M1A.011 M1A.01 M1A.0 M1A M05-M14 M00-M99 root',
    'Z3A.38 Z3A.3 Z3A Z30-Z39 Z00-Z99 root',
    'O9A.211 O9A.21 O9A.2 O9A O94-O9A O00-O9A root',
    'U07.1 U07 U00-U49 U00-U85 root',
    'X93.XXXA X93 X92-Y09 V00-Y99 root',
  ],
  icd10pcs: ['0DTJ4ZZ 0DTJ4Z 0DTJ4 0DTJ 0DT 0D 0 root', 'BW20 BW2 BW B root', 'XW033E5 XW033E XW033 XW03 XW0 XW X root'],
  atc: ['N02BE01 N02BE N02B N02 N root', 'N02B N02 N root', 'A11BA A11B A11 A root', 'N root'],
};

describe.each(Object.entries(paths))('%s', (id, lines) => {
  const system = codeSystem(id);
  it.each(lines.map((line) => line.split(' ')))('%s', (...path) => {
    expect(system.path(path[0]!)).toEqual(path);
  });
});

const spellings: [string, string, string | null][] = [
  ['icd9cm', '25000', '250.00'],
  ['icd9cm', ' v4581 ', 'V45.81'],
  ['icd9cm', 'e8781', 'E878.1'],
  ['icd9cm', 'E878', 'E878'],
  ['icd9cm', '0031', '003.1'],
  ['icd9cm', '250.', '250'],
  ['icd9cm', '2500.0', null],
  ['icd9cm', 'E8781.1', null],
  ['icd9cm', '38.9', null],
  ['icd9cm', '250.000', null],
  ['icd9cm', 'I10', null],
  ['icd9proc', '0066', '00.66'],
  ['icd9proc', '36.1', '36.1'],
  ['icd9proc', '3', null],
  ['icd9proc', '36155', null],
  ['icd10cm', 'e119', 'E11.9'],
  ['icd10cm', 's72 001a', 'S72.001A'],
  ['icd10cm', 'E1.19', null],
  ['icd10cm', '250.00', null],
  ['icd10cm', 'S72.001AA', null],
  ['icd10pcs', '0dtj4zz', '0DTJ4ZZ'],
  ['icd10pcs', 'bw20', 'BW20'],
  ['icd10pcs', '0DTI4ZZ', null],
  ['icd10pcs', '0DTJ4ZZZ', null],
  ['atc', 'n02b e01', 'N02BE01'],
  ['atc', 'E02BE01', null],
  ['atc', 'N02BE0', null],
  ['atc', '', null],
];

it.each(spellings)('%s: %j is read as %j', (id, raw, expected) => {
  expect(codeSystem(id).normalise(raw)).toBe(expected);
});

const upper = [...'ABCDEFGHJKLMNPQRSTVWXYZ'];
const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const rawCodes: Record<(typeof codeSystemIds)[number], fc.Arbitrary<string>> = {
  icd9cm: fc.oneof(fc.integer({ min: 3, max: 5 }).chain(digits), fc.integer({ min: 2, max: 4 }).chain(digits).map((d) => `v${d}`), fc.integer({ min: 3, max: 4 }).chain(digits).map((d) => `E${d}`)),
  icd9proc: fc.integer({ min: 2, max: 4 }).chain(digits),
  icd10cm: fc.tuple(fc.constantFrom(...upper), digits(2), fc.string({ unit: fc.constantFrom(...'0123456789AX'), maxLength: 4 })).map((parts) => parts.join('')),
  icd10pcs: fc.string({ unit: fc.constantFrom(...'0123456789ABDFTXZ'), minLength: 1, maxLength: 7 }),
  atc: fc.tuple(fc.constantFrom(...'ABCDGHJLMNPRSV'), digits(2), fc.constantFrom(...upper), fc.constantFrom(...upper), digits(2)).map((parts) => parts.join('')),
};

describe.each(codeSystemIds)('every code of %s', (id) => {
  const system = codeSystem(id);
  it('reaches the root through distinct nodes, whether or not a table knows it', () => {
    fc.assert(
      fc.property(rawCodes[id], (raw) => {
        const code = system.normalise(raw)!;
        const path = system.path(code);
        expect(path[0]).toBe(code);
        expect(path.at(-1)).toBe('root');
        expect(new Set(path).size).toBe(path.length);
      }),
    );
  });

  it('normalises to itself, without its dot, in lower case and with spaces', () => {
    fc.assert(
      fc.property(rawCodes[id], (raw) => {
        const code = system.normalise(raw)!;
        for (const spelling of [code, code.replace('.', ''), ` ${code.toLowerCase()} `]) expect(system.normalise(spelling)).toBe(code);
      }),
    );
  });

  it('has ancestors whose own path is the rest of the path, as far as they are codes', () => {
    fc.assert(
      fc.property(rawCodes[id], (raw) => {
        const path = system.path(system.normalise(raw)!);
        path.forEach((node, i) => {
          if (system.normalise(node) === node && !node.endsWith('X')) expect(system.path(node)).toEqual(path.slice(i));
        });
      }),
    );
  });
});

it('says what no table knows', () => {
  const icd9cm = codeSystem('icd9cm');
  expect(icd9cm.describe('250.00')).toMatchObject({ known: false, knownFrom: '250', note: expect.stringContaining('prefix') as string });
  expect(icd9cm.describe('V95.1')).toMatchObject({ nodes: ['V95.1', 'V95', 'root'], known: false, note: expect.stringContaining('attached to the root') as string });
  const titled = codeSystem('icd9cm', { titles: new Map([['250.00', 'a title']]) });
  expect(titled.describe('250.00')).toEqual({ code: '250.00', nodes: icd9cm.path('250.00'), known: true, knownFrom: '250.00' });
  expect(titled.isKnown('250.01')).toBe(false);
});

it('rejects codes that are not canonical, and what cannot be the name of a system', () => {
  expect(() => codeSystem('icd9cm').path('25000')).toThrow(/icd9cm.*canonical.*"25000"/);
  expect(() => codeSystem('icd-11 (WHO)')).toThrow(/"icd-11 \(WHO\)".*icd9cm, icd9proc, icd10cm, icd10pcs, atc/);
});

describe('a system without tables', () => {
  const icdo = codeSystem('icdo3', { titles: new Map([['8140', 'a title']]) });

  it.each([
    ['8140/3/H', ['8140/3', '8140', '814', '81']],
    ['8000/6', ['8000', '800', '80']],
    ['C50.9', ['C50', 'C5']],
    ['ORPHA:558', ['ORPHA', 'ORPH', 'ORP', 'OR']],
    ['A1', []],
    ['x', []],
    ['ÑÑ-1', ['ÑÑ']],
  ])('%s has the prefixes %j', (raw, ancestors) => {
    const code = icdo.normalise(raw)!;
    expect(icdo.path(code)).toEqual([code, ...ancestors, 'root']);
  });

  it('takes every text that is not blank, in upper case, spaces inside kept', () => {
    expect([' 8720/3/h\n', 'b 12', '  '].map(icdo.normalise)).toEqual(['8720/3/H', 'B 12', null]);
  });

  it('knows titles that it is given, and says that the path is by prefix', () => {
    expect(icdo.describe('8140/3')).toMatchObject({ known: false, knownFrom: '8140' });
    expect(icdo.describe('8500/3').note).toMatch(/no table of this system/);
  });

  it('every code reaches the root by shorter and shorter nodes', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (raw) => {
      const code = icdo.normalise(raw);
      if (code === null) return;
      const inner = icdo.path(code).slice(0, -1);
      expect(inner.every((node, i) => i === 0 || (node.length < inner[i - 1]!.length && code.startsWith(node)))).toBe(true);
    }));
  });
});

it('gives titles of inner nodes', () => {
  expect(codeSystem('icd9cm').title('240-279')).toMatch(/^Endocrine/);
  expect(codeSystem('icd9cm').title('250')).toBe('Diabetes mellitus');
  expect(codeSystem('icd10cm').title('E08-E13')).toBe('Diabetes mellitus');
  expect(codeSystem('icd10pcs').title('0DT')).toBe('Resection');
  expect(codeSystem('icd10pcs').title('0*T')).toBeUndefined();
  expect(codeSystem('atc').title('N02B')).toMatch(/analgesics/i);
});

it('cuts ATC codes at a level', () => {
  expect([1, 2, 3, 4, 5].map((level) => atcAtLevel('N02BE01', level as 1))).toEqual(['N', 'N02', 'N02B', 'N02BE', 'N02BE01']);
  expect(atcAtLevel('A11BA', 5)).toBe('A11BA');
});
