/** Tables of interacting drugs: levels, headings, and what is wrong with a line. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readInteractions } from '../../src/metrics/evaluate-task.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-interactions-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));

const labels = ['B01AA03', 'N02BA01', 'C09A', 'C09AA05', 'A10'];

/** Interacting pairs, `i-j` with i < j. */
function pairsIn(content: string, name = 'ddi.tsv'): string[] {
  const file = path.join(dir, name);
  fs.writeFileSync(file, content);
  const { L, interacts } = readInteractions(file, labels);
  const found = [...interacts.keys()].filter((at) => interacts[at]).map((at) => [Math.floor(at / L), at % L] as const);
  for (const [i, j] of found) expect(interacts[j * L + i]).toBe(1);
  return found.filter(([i, j]) => i < j).map(([i, j]) => `${i}-${j}`);
}

describe('readInteractions', () => {
  it('matches codes of any level by prefix, in both directions', () => {
    expect(pairsIn('B01AA03\tN02BA01\n')).toEqual(['0-1']);
    expect(pairsIn('B01\tN02BA\n')).toEqual(['0-1']); // groups mark what is in them
    expect(pairsIn('A10BA02\tB01AA03\n')).toEqual(['0-4']); // a substance marks the group it belongs to
    expect(pairsIn('C09AA05\tB\n')).toEqual(['0-2', '0-3']);
    expect(pairsIn('C09\tC09\n')).toEqual(['2-3']); // a label does not interact with itself
  });

  it('reads commas, quotes, a heading, further columns, blank lines and lower case', () => {
    expect(pairsIn('\uFEFFdrug,"other",severity\r\n"b01aa03",N02BA01,major\r\n\r\n', 'ddi.csv')).toEqual(['0-1']);
  });

  it.each([
    ['B01AA03\tN02BA01\nB01AA03\twarfarin\n', /ddi\.tsv:2: expected two ATC codes such as B01AA03 or B01, got "WARFARIN"/],
    ['B01AA03\n', /ddi\.tsv:1: expected two ATC codes .* got ""/],
    ['one\tother\n', /ddi\.tsv: no pairs/],
    ['V03AB\tV04CA\n', /ddi\.tsv: none of its 1 pairs concerns two of the 5 medications/],
  ])('says what is wrong in %j', (content, message) => {
    expect(() => pairsIn(content)).toThrow(message);
  });

  it('names a missing file and an unknown format', () => {
    expect(() => readInteractions(path.join(dir, 'none.csv'), labels)).toThrow(/none\.csv: cannot be read/);
    expect(() => readInteractions(path.join(dir, 'ddi.xlsx'), labels)).toThrow(/expected a table of interactions ending in \.tsv or \.csv/);
  });
});
