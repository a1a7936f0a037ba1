/** The CodiEsp scorer: a case of our own, the official toy data where present, and the errors of its files. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import score from '../../src/cli/commands/score.js';
import type { CodiespTask } from '../../src/metrics/codiesp/code-lists.js';
import { codiespEvidenceOfficial, codiespEvidenceStrict } from '../../src/metrics/codiesp/evidence-spans.js';
import { codiespOfficial, codiespStrict } from '../../src/metrics/codiesp/ranked-codes.js';
import { type CodiespScores, scoreCodiespFiles } from '../../src/metrics/codiesp/score-files.js';

const assignments = (text: string) => text.split(' ').map((pair) => ({ document: pair.split(':')[0]!, code: pair.split(':')[1]! }));
const anyCode = (): boolean => true;

describe('ranked codes', () => {
  const gold = assignments('a:i10 a:e11.9 a:E11.9 b:j45 c:k35');

  it('keeps the first of repeated codes, in lower case, and drops invalid ones before ranking', () => {
    const predictions = assignments('a:xx a:I10 a:i10 a:z00 a:e11.9');
    const input = { gold, predictions, isValidCode: (code: string) => code !== 'xx' };
    expect(codiespOfficial(input).map).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(codiespStrict(input).map).toBeCloseTo((1 + 2 / 3) / 2 / 3, 12);
    expect(codiespStrict(input)).toMatchObject({ precision: 2 / 3, recall: 2 / 4 });
  });

  it('officially counts documents of the run without gold codes, and not gold documents without predictions', () => {
    const input = { gold, predictions: assignments('b:j45 zz:i10'), isValidCode: anyCode };
    expect(codiespOfficial(input).map).toBeCloseTo(1 / 2, 12);
    expect(codiespStrict(input).map).toBeCloseTo(1 / 3, 12);
  });

  it('ignores codes beyond rank 1,000', () => {
    const filler = Array.from({ length: 1000 }, (_, i) => ({ document: 'b', code: `f${i}` }));
    const at = (before: number) => codiespStrict({ gold: assignments('b:j45'), predictions: [...filler.slice(0, before), ...assignments('b:j45')], isValidCode: anyCode });
    expect(at(999).map).toBeCloseTo(1 / 1000, 12);
    expect(at(1000)).toMatchObject({ map: 0, recall: 1 });
  });

  it('scores an empty run 0', () => {
    expect(codiespOfficial({ gold, predictions: [], isValidCode: anyCode })).toEqual({ map: 0, precision: 0, recall: 0, f1: 0 });
  });
});

describe('evidence spans', () => {
  const span = (document: string, code: string, start: number, end: number) => ({ document, code, start, end });
  const gold = [span('a', 'i10', 100, 120), span('a', 'i10', 300, 310), span('a', 'e11', 40, 50)];
  const scoreOne = (...predictions: ReturnType<typeof span>[]) => codiespEvidenceOfficial({ gold, predictions, isValidCode: anyCode });

  it.each([
    [100, 120, 1],
    [90, 130, 1],
    [89, 120, 0],
    [100, 131, 0],
    [101, 120, 0],
    [100, 119, 0],
    [300, 310, 1],
  ])('the span %i–%i is right: %i', (start, end, hits) => {
    expect(scoreOne(span('a', 'i10', start, end))).toMatchObject({ precision: hits, recall: hits / 2 });
  });

  it('counts a code of a document once, however many spans are predicted', () => {
    expect(scoreOne(span('a', 'i10', 1, 2), span('a', 'i10', 100, 120), span('a', 'i10', 300, 310))).toMatchObject({ precision: 1, recall: 1 / 2 });
    expect(scoreOne(span('b', 'i10', 100, 120))).toMatchObject({ precision: 0, f1: 0 });
  });

  it('compares case officially, not strictly', () => {
    const input = { gold, predictions: [span('a', 'E11', 40, 50)], isValidCode: (code: string) => code === code.toLowerCase() };
    expect(codiespEvidenceOfficial(input).f1).toBe(0);
    expect(codiespEvidenceStrict(input).precision).toBe(1);
  });
});

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-codiesp-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  fs.writeFileSync(path.join(dir, name), content);
  return path.join(dir, name);
};

describe('files', () => {
  const gold = write('gold.tsv', '\uFEFFa\ti10\r\na\te11.9\r\n\r\n');
  const scoreD = (predictions: string, codes: string[] = []) => scoreCodiespFiles({ task: 'codiesp-d', gold, predictions, codes });

  it('reads a byte order mark, Windows line endings and blank lines', () => {
    expect(scoreD(gold).dialects['codiesp-strict']).toEqual({ map: 1, precision: 1, recall: 1, f1: 1 });
  });

  it('drops codes that are not in the list, or without a list have no code shape', () => {
    const predictions = write('pred.tsv', 'a\tj45.909\na\tNOCODE\na\tI10\n');
    expect(scoreD(predictions)).toMatchObject({ invalid_predictions: 1, dialects: { 'codiesp-strict': { map: 1 / 4 } } });
    const list = write('list.tsv', 'I10\tEssential hypertension\nE11.9\tDiabetes\n');
    expect(scoreD(predictions, [list])).toMatchObject({ invalid_predictions: 2, dialects: { 'codiesp-strict': { map: 1 / 2 } } });
  });

  it('does not judge codes by the shape of ICD-10 where the gold codes are of another system, or where it is told not to', () => {
    const icdo = write('icdo.tsv', 'file\tcode\nc1\t8140/3\nc1\t8000/6\n');
    const predicted = write('icdo-pred.tsv', 'c1\t8140/3\nc1\t8720/3/h\n');
    expect(scoreCodiespFiles({ task: 'codiesp-d', gold: icdo, predictions: predicted, codes: [] })).toMatchObject({ code_check: 'none', gold_documents: 1, invalid_predictions: 0, dialects: { 'codiesp-strict': { precision: 1 / 2, recall: 1 / 2 } } });
    expect(scoreCodiespFiles({ task: 'codiesp-d', gold, predictions: predicted, codes: [] })).toMatchObject({ code_check: 'shape', invalid_predictions: 2 });
    expect(scoreCodiespFiles({ task: 'codiesp-d', gold, predictions: predicted, codes: [], anyCode: true })).toMatchObject({ code_check: 'none', invalid_predictions: 0 });
  });

  it.each([
    ['a\ti10\nb\n', /bad\.tsv:2: expected 2 tab-separated columns \(document, code\), got 1/],
    ['a\ti10\nb\t \n', /bad\.tsv:2: .* got an empty code/],
    [Uint8Array.of(0x61, 0x09, 0xff, 0x0a), /bad\.tsv: not valid UTF-8/],
  ])('names file and line of malformed predictions', (content, message) => {
    expect(() => scoreD(write('bad.tsv', content))).toThrow(message);
  });

  it('refuses a missing file, an empty gold file and an empty code list', () => {
    expect(() => scoreD(path.join(dir, 'none.tsv'))).toThrow(/none\.tsv: cannot be read/);
    const empty = write('empty.tsv', '');
    expect(() => scoreCodiespFiles({ task: 'codiesp-d', gold: empty, predictions: gold, codes: [] })).toThrow(/empty\.tsv: no gold codes/);
    expect(() => scoreD(gold, [empty])).toThrow(/empty\.tsv: no codes/);
  });

  it('prints both dialects', async () => {
    const args = { task: 'codiesp-d', gold, pred: write('pred.tsv', 'a\tz00\na\ti10\n'), codes: [] };
    const { text } = await score.run(args as never, {} as never);
    expect(text).toMatch(/1 gold documents, 1 with predictions; 0 predictions of invalid codes/);
    expect(text).toMatch(/\n +map +precision +recall +f1\ncodiesp-official +0\.250 +0\.500 +0\.500 +0\.500\ncodiesp-strict +0\.250 /);
  });

  it('takes discontinuous gold spans from first start to last end', () => {
    const goldX = write('gold-x.tsv', 'a\tDIAGNOSTICO\ti10\tx y\t10 20;30 40\n');
    const scoreX = (text: string) => scoreCodiespFiles({ task: 'codiesp-x', gold: goldX, predictions: write('pred-x.tsv', text), codes: [] });
    expect(scoreX('a\t10 40\tDIAGNOSTICO\ti10\n').dialects['codiesp-official']!['f1']).toBe(1);
    expect(() => scoreX('a\t10-40\tDIAGNOSTICO\ti10\n')).toThrow(/pred-x\.tsv:1: expected a span such as `12 20`/);
  });
});

const toy = path.resolve('../shared/data/codiesp-v4/toy');

describe.skipIf(!fs.existsSync(toy))('official toy data (skipped where ../shared/data is absent)', () => {
  const run = async (task: CodiespTask, kind: string): Promise<CodiespScores['dialects']> => {
    const args = { task, gold: path.join(toy, `gs_${kind}.tsv`), pred: path.join(toy, `pred_${kind}.tsv`), codes: [] };
    return ((await score.run(args as never, {} as never)).json as CodiespScores).dialects;
  };
  const rounded = (figures: Record<string, number>) => Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(3))]));

  it('D', async () => {
    const dialects = await run('codiesp-d', 'D');
    expect(rounded(dialects['codiesp-official'])).toEqual({ map: 0.444, precision: 0.444, recall: 0.4, f1: 0.421 });
    expect(rounded(dialects['codiesp-strict'])).toEqual({ map: 0.296, precision: 0.444, recall: 0.4, f1: 0.421 });
  });

  it('X', async () => {
    const dialects = await run('codiesp-x', 'X');
    expect(rounded(dialects['codiesp-official'])).toEqual({ precision: 0.636, recall: 0.538, f1: 0.583 });
  });
});
