/** Agreement with the official CodiEsp scripts on random files with every quirk (tests/fixtures/codiesp/make_golden.py made them). */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CodiespTask } from '../../../src/metrics/codiesp/code-lists.js';
import { scoreCodiespFiles } from '../../../src/metrics/codiesp/score-files.js';

interface Golden {
  versions: Record<string, string>;
  lists: Record<string, string[]>;
  cases: { task: CodiespTask; gold: string[]; predictions: string[]; codes: string; official: Record<string, number> }[];
}

const golden = JSON.parse(fs.readFileSync(path.join('tests', 'fixtures', 'codiesp', 'golden.json'), 'utf8')) as Golden;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-official-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));

const write = (name: string, lines: readonly string[]): string => {
  fs.writeFileSync(path.join(dir, name), `${lines.join('\n')}\n`);
  return path.join(dir, name);
};

describe(`the official scripts (trectools ${golden.versions['trectools']}, pandas ${golden.versions['pandas']})`, () => {
  it.each(golden.cases.map((one, i) => [i, one.task, one] as const))('case %i, %s: agrees to 1e-9', (_, task, { gold, predictions, codes, official }) => {
    const files = { gold: write('gold.tsv', gold), predictions: write('pred.tsv', predictions), codes: [write('codes.tsv', golden.lists[codes]!)] };
    const ours = scoreCodiespFiles({ task, ...files }).dialects['codiesp-official'];
    expect(Object.keys(ours).sort()).toEqual(Object.keys(official).sort());
    for (const [figure, value] of Object.entries(official)) expect(Math.abs(ours[figure]! - value), figure).toBeLessThan(1e-9);
  });

  it('covers what the scripts are known to do in their own way', () => {
    const lines = (task: CodiespTask) => golden.cases.filter((one) => one.task === task);
    expect(golden.cases.some(({ predictions }) => predictions.filter((line) => line.startsWith('long\t')).length > 1000)).toBe(true);
    for (const { gold, predictions } of lines('codiesp-d').slice(0, 6)) {
      const documents = (rows: string[]) => new Set(rows.map((row) => row.split('\t')[0]));
      expect([...documents(predictions)].some((document) => !documents(gold).has(document))).toBe(true);
      expect(predictions.some((row) => row !== row.toLowerCase().replace(/^s/, 'S'))).toBe(true);
    }
    expect(lines('codiesp-x').some(({ gold }) => gold.some((row) => row.includes(';')))).toBe(true);
  });
});
