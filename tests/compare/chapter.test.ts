/** The experiment on a chapter: figures out of saved scores by hand, and what the paper's table can mean. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notesOfChapter } from '../../src/compare/chapter/columns.js';
import { renderChapterMarkdown } from '../../src/compare/chapter/markdown.js';
import { published, readAsTnr } from '../../src/compare/chapter/published.js';
import { chapterOf, type ChapterResults } from '../../src/compare/chapter/results.js';
import { differenceOf } from '../../src/compare/difference.js';
import type { Measurement } from '../../src/compare/measurements.js';
import { writeSafetensors } from '../../src/core/safetensors.js';

/** Three visits, two labels: the first visit carries both, the second the second, the third none. */
const LABELS = [1, 1, 0, 1, 0, 0];
const SETTING = { title: 'Chapter', nodes: ['K'], visits: 'all', config: 'c', data: 'd', split: 'test', seeds: [1, 2] } as const;

let dir: string;
beforeAll(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-chapter-'))));
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

function evaluation(name: string, scores: number[]): string {
  const at = path.join(dir, name);
  fs.mkdirSync(at, { recursive: true });
  const [V, L] = [3, 2];
  writeSafetensors(path.join(at, 'scores.safetensors'), {
    'scores/model': { shape: [V, L], data: Float32Array.from(scores) },
    labels: { shape: [V, L], data: Int32Array.from(LABELS) },
    gold_counts: { shape: [V], data: Int32Array.of(2, 1, 0) },
  });
  fs.writeFileSync(path.join(at, 'visits.json'), JSON.stringify({ visit_ids: ['a', 'b', 'c'], patient_ids: ['a', 'b', 'c'], label_counts: [3, 4] }));
  return at;
}

const measurement = (name: string, seeds: number[][], { threshold = 0.25, failed = 0 } = {}): Measurement => ({
  name, group: 'heads', kind: 'model', task: 'icd-coding', share: { fraction: 1 }, failed,
  runs: seeds.map((scores, i) => ({ seed: i + 1, evaluation: evaluation(`${name}-${i}`, scores), row: { name: 'model', threshold, figures: { 'caml.micro_auc': 0.5 + 0.1 * i, 'edin.map': 0.5 } } })),
});

const open = (measurements: Measurement[]): ChapterResults => chapterOf(SETTING, { measurements, failed: [], differ: differenceOf });

describe('chapterOf', () => {
  it('counts decisions at both thresholds, seed by seed', () => {
    // Above 0.25: both of visit a, the second of b, the first of c. Above 0.5: the first of a, the first of c.
    const { rows, counts } = open([measurement('one', [[0.9, 0.3, 0.1, 0.4, 0.6, 0.2], [0.9, 0.1, 0.1, 0.1, 0.1, 0.1]])]);
    expect(counts).toEqual({ visits: 3, visits_with_label: 2, labels: 2, labels_present: 2 });
    const { tuned, half } = rows[0]!.rules!;
    expect(tuned.figures.micro_tpr.values).toEqual([1, 1 / 3]);
    expect(tuned.figures.macro_tpr.values).toEqual([1, 0.5]);
    expect(tuned.figures.micro_tnr.values).toEqual([2 / 3, 1]);
    // One of the two negatives of the first label is predicted, the only negative of the second is not.
    expect(tuned.figures.macro_tnr.values).toEqual([0.75, 1]);
    expect(half.figures.micro_tpr.values).toEqual([1 / 3, 1 / 3]);
    expect(half.figures.micro_fnr.mean).toBeCloseTo(2 / 3, 12);
    // Support 1 and 2: the second label's TNR counts twice.
    expect(tuned.figures.support_tnr.values[0]).toBeCloseTo((0.5 + 2) / 3, 12);
    expect(rows[0]!.scores['caml.micro_auc']!.mean).toBeCloseTo(0.55, 12);
  });

  it('holds the other heads against the first, on the same visits', () => {
    const good = [0.9, 0.9, 0.1, 0.9, 0.1, 0.1];
    const { differences } = open([measurement('base', [good.map((score) => 1 - score)]), measurement('other', [good])]);
    expect(differences.map(({ model, against, figure }) => [model, against, figure])).toEqual([['other', 'base', 'caml.micro_auc'], ['other', 'base', 'edin.map']]);
    expect(differences[0]!.difference.estimate).toBeCloseTo(1, 12);
  });

  it('keeps a head whose cells failed as a row without figures', () => {
    const results = open([measurement('base', [], { failed: 2 }), measurement('other', [[0.9, 0.3, 0.1, 0.4, 0.6, 0.2]])]);
    expect(results.rows[0]).toMatchObject({ name: 'base', failed: 2, seeds: [] });
    expect(results.rows[0]!.rules).toBeUndefined();
    expect(results.differences).toEqual([]);
    expect(renderChapterMarkdown(results)).toContain('| base (2 failed) | – | – |');
  });

  it('says what was measured on what', () => {
    const results = open([measurement('one', [[0.9, 0.3, 0.1, 0.4, 0.6, 0.2]])]);
    expect(notesOfChapter(results)[0]).toBe('3 visits of the test split, 2 of them with a label; 2 labels within K, 2 of which some visit of the split carries.');
    const table = renderChapterMarkdown(results);
    expect(table).toContain('| one | 25.00 | 100.00 | 0.00 | 66.67 | 100.00 | 0.00 | 75.00 | 83.33 | 83.33 |');
    expect(table).toContain('| Spanish, per-ICD | 67.32 | 34.92 | 99.38 | 134.30 | 67.15 |');
  });
});

describe('the published figures', () => {
  it('cannot be TPR and FNR of one average', () => {
    for (const { tpr, fnr } of published) expect(tpr + fnr).toBeGreaterThan(1.07);
  });

  it('are near an AUC of decisions when the third column is read as TNR, and far when it is not', () => {
    for (const row of published) {
      expect(Math.abs(readAsTnr(row) - row.auc_micro)).toBeLessThan(0.011);
      expect(Math.abs((row.tpr + 1 - row.fnr) / 2 - row.auc_micro)).toBeGreaterThan(0.3);
    }
  });
});
