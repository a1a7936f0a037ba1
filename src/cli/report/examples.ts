/** Notes with the evidence of their codes, for the report: written by the generator, or, where it was asked for, real ones. */
import { explainRun } from '../../../finetune/evidence/explain-run.js';
import type { ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { openFittedRun } from '../../../finetune/fitted-run.js';
import { openPredictor } from '../../../finetune/predictor/index.js';
import { configurationError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Dataset, SplitName } from '../../dataset/index.js';
import { openDevice } from '../../engine/index.js';
import type { Examples } from '../../report/run/data.js';
import { exampleVisits } from '../../synth/example-visits.js';
import { shownNotes } from '../explain/shown-notes.js';
import type { DescribedRun } from './describe-run.js';

export interface ExampleOptions {
  count: number;
  /** Codes a note. */
  top: number;
  seed: number;
  device: string;
  log: Logger;
}

/** Of a synthetic note. */
const EXAMPLE_WORDS = 150;

/** Of the first run that says where it looked. @returns undefined where none does */
export async function syntheticExamples(runs: readonly DescribedRun[], options: ExampleOptions): Promise<Examples | undefined> {
  for (const run of runs) {
    const examples = run.task === 'icd-coding' ? await examplesOfRun(run, options) : undefined;
    if (examples) return examples;
  }
  return undefined;
}

async function examplesOfRun(run: DescribedRun, { count, top, seed, device, log }: ExampleOptions): Promise<Examples | undefined> {
  const predictor = await openPredictor(run.dir, { device: await openDevice(device, log) });
  try {
    if (!predictor.explain) return undefined;
    const icd10 = run.labels.some(({ system }) => system.startsWith('icd10'));
    const records = exampleVisits(count, { seed, icd10, words: EXAMPLE_WORDS }).map(({ text, codes }, i) => ({ id: `synthetic note ${i + 1}`, text, codes: codes.filter(({ kind }) => run.inputs.includes(kind)) }));
    const explained: ExplainedNote[] = [];
    for (const record of records) explained.push((await predictor.explain([record], top))[0]!.note);
    return { from: 'synthetic', run: run.name, notes: await shownNotes(explained, {}) };
  } finally {
    predictor.dispose();
  }
}

/** The first notes of the split. @throws configuration error for a run that attends to no text, data error where the store does not hold the notes */
export async function realExamples(run: DescribedRun, dataset: Dataset, { store, split, count, top, device, log }: ExampleOptions & { store: string; split: SplitName }): Promise<Examples> {
  if (run.command === 'baseline') throw configurationError(`--show-notes: ${run.name} is a baseline, which attends to no text; name a run with label attention first`);
  const fitted = await openFittedRun(run.dir, dataset, { device: await openDevice(device, log), log });
  try {
    const visits = Array.from(fitted.task.targets(split)).filter((row) => dataset.tokens.lengthOf(row) > 0).slice(0, count).map((row) => dataset.visitIds[row]!);
    const { notes } = await explainRun(fitted, { dataset, store, split, visits, top, withGold: false });
    return { from: 'store', run: run.name, notes: await shownNotes(notes, {}) };
  } finally {
    fitted.dispose();
  }
}
