import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanNote } from '../../../src/dataset/text/clean.js';

const all = { drop_deidentification: true, drop_headers: true };
const squeeze = (text: string): string => text.replace(/ +/g, ' ').trim();

describe('cleaning a note', () => {
  it('blanks de-identification markers of both MIMICs', () => {
    const text = 'Seen by Dr. [**Last Name (un) 12**] on [**2150-1-1**].\nName: ___ Unit No: ___';
    expect(squeeze(cleanNote(text, { drop_deidentification: true, drop_headers: false }))).toBe('Seen by Dr. on . Name: Unit No:');
  });

  it('blanks headings at line starts only', () => {
    const text = 'Discharge Medications:\n1. Aspirin: daily\nNo fever. Plan: rest';
    expect(squeeze(cleanNote(text, all))).toBe('1. Aspirin: daily No fever. Plan: rest');
  });

  it('leaves single underscores and unclosed markers', () => {
    expect(cleanNote('a_b [**open', all)).toBe('a_b [**open');
  });

  it('never moves a character', () => {
    const parts = fc.array(fc.constantFrom('[**', '**]', '___', '_', '\n', 'Plan:', 'ñ', '𝛽', ' x'), { maxLength: 30 });
    fc.assert(
      fc.property(parts, (pieces) => {
        const text = pieces.join('');
        const clean = cleanNote(text, all);
        expect(clean).toHaveLength(text.length);
        for (let i = 0; i < text.length; i++) expect([text[i], ' ']).toContain(clean[i]);
      }),
      { seed: 2 },
    );
  });
});
