import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, phiKinds, type PhiKind } from '../../src/privacy/finding.js';
import { applyRules } from '../../src/privacy/rules/index.js';

const all = new Set(phiKinds);
const kindsIn = (text: string, field?: string): PhiKind[] => applyRules({ text, field }, all).map(({ kind }) => kind);

const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const two = (n: number): string => String(n).padStart(2, '0');
const day = fc.tuple(int(1900, 2199), int(1, 12), int(1, 28));
const english = fc.constantFrom('January', 'Feb', 'March', 'Apr.', 'May', 'June', 'Jul', 'August', 'Sept', 'October', 'Nov.', 'December');
const spanish = fc.constantFrom('enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre');
const name = fc.constantFrom('Smith', "O'Brien", 'García', 'Müller', 'Van Houten', 'Pérez-Reverte', 'McDonald', 'Núñez');
const firstName = fc.constantFrom('Ann', 'José', 'Mary', 'Íñigo', 'J. R.');

const dniOf = (n: number): string => `${String(n).padStart(8, '0')}${'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]!}`;
function nhsOf(nine: number): string {
  const digits = String(nine).padStart(9, '0');
  const check = (11 - ([...digits].reduce((sum, digit, i) => sum + Number(digit) * (10 - i), 0) % 11)) % 11;
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}${check}`;
}

/** Everything that must be found wherever it stands. */
const planted: Record<string, [PhiKind, fc.Arbitrary<string>]> = {
  'ISO dates': ['date', day.map(([y, m, d]) => `${y}-${two(m)}-${two(d)}`)],
  'ISO times': ['date', day.map(([y, m, d]) => `${y}-${two(m)}-${two(d)} 13:05:00`)],
  'American and European dates': ['date', day.map(([y, m, d]) => `${m}/${d}/${y}`)],
  'dates with points': ['date', day.map(([y, m, d]) => `${two(d)}.${two(m)}.${y}`)],
  'dates with short years': ['date', day.map(([y, m, d]) => `${d}/${m}/${two(y % 100)}`)],
  'English dates': ['date', fc.tuple(day, english).map(([[y, , d], m]) => `${m} ${d}, ${y}`)],
  'English dates, day first': ['date', fc.tuple(day, english).map(([[y, , d], m]) => `${d} ${m} ${y}`)],
  'months of a year': ['date', fc.tuple(day, english).map(([[y], m]) => `${m} ${y}`)],
  'Spanish dates': ['date', fc.tuple(day, spanish).map(([[y, , d], m]) => `${d} de ${m} de ${y}`)],
  'American phones': ['phone', fc.tuple(fc.constantFrom('617', '212', '415'), int(200, 999), int(0, 9999)).filter(([, b]) => b % 100 !== 11 && b !== 555).map(([a, b, c]) => `(${a}) ${b}-${String(c).padStart(4, '0')}`)],
  'Spanish phones': ['phone', fc.tuple(int(100, 999), int(100, 999)).map(([b, c]) => `+34 612 ${b} ${c}`)],
  'numbers called phone': ['phone', fc.tuple(fc.constantFrom('phone: ', 'Pager ', 'fax #', 'Tel. ', 'teléfono: '), int(1000, 999999999)).map(([word, n]) => `${word}${n}`)],
  'e-mail': ['email', fc.tuple(fc.constantFrom('ann.smith', 'j_perez', 'x+1'), fc.constantFrom('hospital.org', 'salud.madrid.es', 'nhs.net')).map((parts) => parts.join('@'))],
  'web pages': ['url', fc.constantFrom('https://myfamily.net/ann', 'www.annsmith.com/about', 'http://clinic.es')],
  'IPv4': ['ip', fc.tuple(int(1, 126), int(0, 255), int(0, 255), int(1, 254)).map((parts) => parts.join('.'))],
  'IPv6': ['ip', fc.tuple(int(0x1000, 0xffff), int(0x1000, 0xffff)).map(([a, b]) => `2001:db8:${a.toString(16)}::${b.toString(16)}`)],
  'medical record numbers': ['record-number', fc.tuple(fc.constantFrom('MRN: ', 'Unit No: ', 'Medical Record Number ', 'hadm_id=', 'NHC: ', 'Historia clínica: '), int(10000, 99999999)).map(([word, n]) => `${word}${n}`)],
  'social security numbers': ['record-number', fc.tuple(int(1, 665), int(1, 99), int(1, 9999)).map(([a, b, c]) => `${String(a).padStart(3, '0')}-${two(b)}-${String(c).padStart(4, '0')}`)],
  'DNI': ['record-number', int(0, 99999999).map(dniOf)],
  'NHS numbers': ['record-number', int(100000000, 999999999).map(nhsOf).filter((text) => text.length === 12)],
  'names after titles': ['name', fc.tuple(fc.constantFrom('Mr.', 'Mrs', 'Dr.', 'Sra.', 'Don', 'Dña.'), name).map(([title, who]) => `${title} ${who}`)],
  'names after labels': ['name', fc.tuple(fc.constantFrom('Name: ', 'Patient: ', 'Attending: ', 'Nombre: ', 'Paciente: '), firstName, name).map(([label, first, last]) => `${label}${first} ${last}`)],
  'streets': ['address', fc.tuple(int(1, 9999), fc.constantFrom('Main', 'Elm Park', 'Martin Luther King'), fc.constantFrom('Street', 'Ave', 'Road', 'Blvd', 'Lane')).map((parts) => parts.join(' '))],
  'Spanish streets': ['address', fc.tuple(fc.constantFrom('Calle de Alcalá', 'C/ Mayor', 'Avda. de la Constitución', 'Plaza Mayor'), int(1, 300)).map(([street, number]) => `${street}, ${number}`)],
  'post codes': ['address', fc.constantFrom('Boston, MA 02115', 'zip 90210', '28001 Madrid', 'SW1A 1AA', 'C.P. 41001')],
  'ages over 89': ['age', fc.tuple(int(90, 119), fc.constantFrom('-year-old', ' y/o', ' yo', ' years old', ' años')).map(([age, unit]) => `${age}${unit}`)],
};

describe('planted identifiers', () => {
  it.each(Object.keys(planted))('%s are always found', (what) => {
    const [kind, arbitrary] = planted[what]!;
    fc.assert(
      fc.property(arbitrary, fc.constantFrom('', 'The patient was seen ', 'ingresa con dolor. ', '- '), fc.constantFrom('', '.', ' and went home', '\n'), (phi, before, after) => {
        expect(kindsIn(`${before}${phi}${after}`)).toContain(kind);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});

describe('what is no identifier', () => {
  it.each([
    'E11.9', 'V45.81', '0DTJ4ZZ', 'N02BE01', '250.00', 'icd10cm:I10', '0.5631', '1,204,331', '1.2.3', 'v20.19.0', 'version 0.1.0', 'b82e2e7bd0a94b9cbcaba2ae8e62bb0d0a1f', '[1, 2, 3, 40000]', 'BP 120/80', '7-10 days', '24/7',
    'http://www.w3.org/2000/svg', 'https://github.com/example', 'type 2 diabetes', 'in 2014', '2011-2014', 'ratio 3/4', '12:30:45', 'may improve', '5 mar', '0:00:00', 'aged 65', '70-year-old', 'the 1990s', 'Dr. Who', 'name: string',
    'sm:flex', '10 000 000', '0.1 0.25 0.333', 'AUC 0.912 (0.887–0.934)', '127.0.0.1', 'user@example.com', '000-12-3456', '12345678A', '94 % of patients', 'made by medweave 0.1.0, `medweave finetune`, 2026-11-21 00:18 UTC', 'http://HOST:5000', '95 years of experience', 'B12 5AA3',
  ])('%s', (text) => {
    expect(kindsIn(text)).toEqual([]);
  });

  it('a manifest says when it was written', () => {
    expect(kindsIn('2026-11-21T00:18:03.120Z', 'created_at')).toEqual([]);
    expect(kindsIn('2026-11-21T00:18:03.120Z', 'admitted_at')).toEqual(['date']);
  });
});

describe('columns', () => {
  it('of identifiers and ages are told by their names', () => {
    expect(kindsIn('10006', 'subject_id')).toEqual(['record-number']);
    expect(kindsIn('S0004-0614', 'visit_id')).toEqual(['record-number']);
    expect(kindsIn('10006', 'count')).toEqual([]);
    expect(kindsIn('91', 'age')).toEqual(['age']);
    expect(kindsIn('89', 'age')).toEqual([]);
  });
});

describe('mask', () => {
  it('keeps no letter or digit but X, x and 9', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(mask(text)).toMatch(/^(?:X|x|9|[^\p{L}\p{N}\p{M}])*$/u);
    }));
    expect(mask('Dr. José Núñez 12/03')).toBe('Xx. Xxxx Xxxxx 99/99');
  });
});
