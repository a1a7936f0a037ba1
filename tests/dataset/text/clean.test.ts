import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareSchema } from '../../../src/dataset/config.js';
import { cleanNote } from '../../../src/dataset/text/clean.js';

const all = { deidentification: 'drop', drop_headers: true } as const;
const markersOnly = (deidentification: 'drop' | 'normalise' | 'keep') => ({ deidentification, drop_headers: false });
const squeeze = (text: string): string => text.replace(/ +/g, ' ').trim();

describe('cleaning a note', () => {
  it('blanks de-identification markers of both MIMICs', () => {
    const text = 'Seen by Dr. [**Last Name (un) 12**] on [**2150-1-1**].\nName: ___ Unit No: ___';
    expect(squeeze(cleanNote(text, markersOnly('drop')))).toBe('Seen by Dr. on . Name: Unit No:');
  });

  it.each([
    ['**NAME[AAA BBB] was seen', 'was seen'],
    ['on **DATE[Jan 1 2000] by **INSTITUTION.', 'on by .'],
    ['Dear <NAME_2>, seen at [HOSPITAL-B]', 'Dear , seen at'],
    ['[REDACTED] came from [LOCATION]', 'came from'],
    ['La paciente [NOMBRE] de [EDAD] años', 'La paciente de años'],
    ['XXXX-year-old male with chest pain', '-year-old male with chest pain'],
  ])('blanks %s', (text, left) => {
    expect(squeeze(cleanNote(text, markersOnly('drop')))).toBe(left);
  });

  it.each(['[sic]', 'BP <120', '[NAMED]', '<age 40>', 'XXX', '**', 'f(x) ** 2', 'p <DATE'])('leaves %s', (text) => {
    expect(cleanNote(text, markersOnly('drop'))).toBe(text);
  });

  it('makes one and the same token of every marker', () => {
    const text = 'Seen by [**Last Name (un) 12**] and <NAME> on ___.';
    expect(squeeze(cleanNote(text, markersOnly('normalise')))).toBe('Seen by _ and _ on _ .');
  });

  it('keeps markers when told to', () => {
    expect(cleanNote('a [**1**] ___', markersOnly('keep'))).toBe('a [**1**] ___');
  });

  it('blanks headings at line starts only', () => {
    const text = 'Discharge Medications:\n1. Aspirin: daily\nNo fever. Plan: rest';
    expect(squeeze(cleanNote(text, all))).toBe('1. Aspirin: daily No fever. Plan: rest');
  });

  it('leaves single underscores and unclosed markers', () => {
    expect(cleanNote('a_b [**open', all)).toBe('a_b [**open');
  });

  it('never moves a character', () => {
    const parts = fc.array(fc.constantFrom('[**', '**]', '___', '_', '\n', 'Plan:', 'ñ', '𝛽', ' x', '**', 'DATE', '[', ']', '<NAME>', 'XXXX'), { maxLength: 30 });
    fc.assert(
      fc.property(parts, fc.constantFrom('drop' as const, 'normalise' as const), (pieces, deidentification) => {
        const text = pieces.join('');
        const clean = cleanNote(text, { deidentification, drop_headers: true });
        expect(clean).toHaveLength(text.length);
        for (let i = 0; i < text.length; i++) expect([text[i], ' ', ...(deidentification === 'normalise' ? ['_'] : [])]).toContain(clean[i]);
      }),
      { seed: 2 },
    );
  });
});

describe('prepare.text', () => {
  const textOf = (text: object): unknown => prepareSchema.parse({ text }).text;

  it('still understands drop_deidentification', () => {
    expect(textOf({ drop_deidentification: true })).toEqual({ deidentification: 'drop', drop_headers: false });
    expect(textOf({ drop_deidentification: false })).toEqual({ deidentification: 'keep', drop_headers: false });
    expect(textOf({})).toEqual({ deidentification: 'drop', drop_headers: false });
  });

  it('reads its own output again', () => {
    const once = prepareSchema.parse({ text: { drop_deidentification: false, charted_within_days: 2 } });
    expect(prepareSchema.parse(once)).toEqual(once);
  });
});
