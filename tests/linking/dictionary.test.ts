/** Exact matches: surfaces, the dictionary, PLI, and mentions found in notes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDictionary, dictionarySource } from '../../src/linking/dictionary.js';
import type { Mention } from '../../src/linking/mention.js';
import { describeAsWritten, pliSource } from '../../src/linking/pli.js';
import { scanNotes } from '../../src/linking/scan.js';
import { surfaceOf } from '../../src/linking/surface.js';

const mention = (text: string): Mention => ({ noteId: 'n', fragments: [], text, kind: 'dx' });

describe('surfaces', () => {
  it('forget case, accents and spacing, not words', () => {
    expect(surfaceOf('  Dolor\n TORÁCICO ')).toBe('dolor toracico');
    expect(surfaceOf('dolor, torácico')).toBe('dolor , toracico');
    expect(surfaceOf('niño')).toBe(surfaceOf('nin\u0303o'));
    expect(surfaceOf(' \n')).toBe('');
  });

  it('of a surface are the surface', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'É', 'ñ', 'Ü', 'n\u0303', '1', ' ', '\n', ',', '-', '😀') }), (text) => surfaceOf(surfaceOf(text)) === surfaceOf(text)));
  });
});

describe('the dictionary', () => {
  const dictionary = createDictionary([
    { text: 'Fiebre', code: 'R50.9' },
    { text: 'fiébre', code: 'R50.8' },
    { text: 'fiebre', code: 'R50.9' },
    { text: 'tos', code: 'R05' },
    { text: 'tos', code: 'J20.9' },
    { text: 'bronquitis', code: 'J20.9' },
    { text: ' ', code: 'Z00' },
  ]);

  it('ranks a surface\'s codes by their share, then by how often they are meant at all', () => {
    expect(dictionary.surfaces.get('fiebre')!.codes).toEqual([{ code: 'R50.9', share: 2 / 3 }, { code: 'R50.8', share: 1 / 3 }]);
    expect(dictionary.surfaces.get('tos')!.codes.map(({ code }) => code)).toEqual(['J20.9', 'R05']);
    expect(dictionary.surfaces.has('')).toBe(false);
    expect([dictionary.longest, dictionary.frequency.get('J20.9')]).toEqual([1, 2]);
  });

  it('knows nothing of other surfaces, and gives no more than asked for', async () => {
    const found = await dictionarySource(dictionary).find([mention('FIEBRE'), mention('fiebres'), mention(''), mention('tos')], 1);
    expect(found.map((candidates) => candidates.map(({ code }) => code))).toEqual([['R50.9'], [], [], ['J20.9']]);
  });

  it('without entries is empty', () => {
    const empty = createDictionary([]);
    expect([empty.surfaces.size, empty.longest]).toEqual([0, 0]);
  });
});

describe('PLI', () => {
  const titles = new Map([['J18', 'Pneumonia, unspecified'], ['J18.9', 'Pneumonia, unspecified'], ['R05', 'Cough'], ['R05.9', 'Cough']]);
  const codesFor = async (describeIt: (texts: string[]) => string[][], frequency = new Map<string, number>()) => {
    const source = pliSource({ titles, frequency }, async (mentions) => describeIt(mentions.map(({ text }) => text)));
    return (await source.find([mention('x')], 10))[0]!.map(({ code, score }) => [code, score]);
  };

  it('takes a title whatever its case and spacing; of codes with one title the most frequent, then the longest', async () => {
    expect(await codesFor(() => [['PNEUMONIA , unspecified']])).toEqual([['J18.9', 1], ['J18', 1]]);
    expect(await codesFor(() => [['pneumonia, unspecified']], new Map([['J18', 3]]))).toEqual([['J18', 1], ['J18.9', 1]]);
  });

  it('goes through alternatives in their order, and accepts codes', async () => {
    expect(await codesFor(() => [['nothing', 'r05', 'Cough']])).toEqual([['R05', 1 / 2], ['R05.9', 1 / 3]]);
  });

  it('compares the mention itself without a generator', async () => {
    const source = pliSource({ titles, frequency: new Map() }, describeAsWritten);
    expect((await source.find([mention('cough'), mention('coughs'), mention('')], 1)).map((found) => found.map(({ code }) => code))).toEqual([['R05.9'], [], []]);
  });
});

describe('detection', () => {
  const dictionary = createDictionary([{ text: 'dolor', code: 'R52' }, { text: 'dolor torácico', code: 'R07.4' }, { text: 'fiebre', code: 'R50.9' }]);

  it('takes the longest match, whole words only, at the places of the raw text', () => {
    const text = '😀 Dolor  TORACICO, doloroso; fiébre. Sin dolor';
    const found = scanNotes(new Map([['a', text]]), dictionary, 'dx');
    expect(found.map(({ text: words, fragments }) => [words, fragments])).toEqual([
      ['Dolor  TORACICO', [[2, 17]]],
      ['fiébre', [[29, 35]]],
      ['dolor', [[41, 46]]],
    ]);
    for (const { fragments: [place] } of found) expect(dictionary.surfaces.has(surfaceOf(Array.from(text).slice(...place!).join('')))).toBe(true);
  });

  it('finds nothing by an empty dictionary', () => {
    expect(scanNotes(new Map([['a', 'dolor']]), createDictionary([]), 'dx')).toEqual([]);
  });
});
