/** The grid of `medweave chapter`: heads against each other on the codes within nodes of the hierarchy, from the note alone. */
import path from 'node:path';
import { gridSchema, type Grid, type GridInput, type Settings } from '../../compare/grid.js';
import { applyOverrides, parseConfig, valueAt } from '../../core/config.js';

export interface ChapterGridOptions {
  nodes: readonly string[];
  /** Kinds of `finetune.head.kind`; the first is the baseline. */
  heads: readonly string[];
  visits: 'all' | 'with-label';
  split: 'dev' | 'test';
  seeds: number;
  references: boolean;
  /** A pre-trained run that all models start from. */
  from?: string;
  /** By default that of `from`, else `chapter`. */
  config?: string;
  /** `--set` of the command line: they win. */
  set: readonly string[];
}

const titles: Record<string, string> = {
  cls: 'Baseline ([CLS])',
  'per-icd': 'Per-ICD attention',
  'label-attention': 'Label attention (ours)',
};

const REFERENCES = { 'TF-IDF + logistic regression': 'logistic regression (text)', 'Label frequency': 'label frequency' } as const;

export function chapterGrid({ nodes, heads, visits, split, seeds, references, from, config, set }: ChapterGridOptions): Grid {
  const names = heads.map((head) => titles[head] ?? head);
  const grid: GridInput = {
    title: `Codes within ${nodes.join(', ')}`,
    config: config ?? (from === undefined ? 'chapter' : path.join(from, 'config.yaml')),
    split,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    tasks: { 'icd-coding': { 'finetune.inputs': ['text'], 'finetune.labels.within': [...nodes], 'finetune.labels.visits': visits } },
    ...(from === undefined ? {} : { pretrainings: { given: { run: from } } }),
    models: heads.map((head, i) => ({ name: names[i]!, group: 'heads', from: from === undefined ? undefined : 'given', set: { ...settingsOf(set), 'finetune.head.kind': head } })),
    ...(references ? { references: { beside: names[0]!, rows: Object.entries(REFERENCES).map(([name, row]) => ({ name, row })) } } : {}),
  };
  return parseConfig(gridSchema, grid, 'chapter');
}

/** `a.b=c` → path and value. */
function settingsOf(assignments: readonly string[]): Settings {
  return Object.fromEntries(assignments.map((assignment) => {
    const name = assignment.slice(0, assignment.indexOf('='));
    return [name, valueAt(applyOverrides({}, [assignment]), name)];
  }));
}
