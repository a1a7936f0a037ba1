/** What a client must know to feed an exported model and to read its answers: `config.json` and `labels.json`. */
import { cleaningSteps, codeSpecials } from '../../src/dataset/index.js';
import { chunkingOf } from '../../src/training/visit-source.js';
import type { StatedRun } from '../stated-run.js';
import type { ExportedGraph } from './graph.js';
import type { ExportedInput } from './inputs.js';

/** Of `config.json`; clients refuse another one. */
export const FORMAT = 1;

export interface DescribedModel {
  run: StatedRun;
  graph: ExportedGraph;
  inputs: readonly ExportedInput[];
  /** The files of the model, itself first. */
  files: readonly string[];
}

export type ModelDescription = ReturnType<typeof describeModel>;

export function describeModel({ run, graph, inputs, files }: DescribedModel) {
  const { task, config, modelConfig, prepared, tokenizer, manifest } = run;
  const { text, codes } = modelConfig;
  const axes = inputs.flatMap(({ axes: names, shape }) => names.map((axis, i) => [axis, shape[i]!] as const));
  return {
    format: FORMAT,
    medweave: manifest.version,
    task: task.name,
    licence_notice: manifest.licence_notice ?? null,
    do_not_share: manifest.do_not_share ?? false,
    model: { file: files[0]!, also: files.slice(1) },
    /** Of the visit, and for medication of its past. */
    reads: task.inputs,
    inputs: inputs.map(({ name, dtype, shape, meaning }) => ({ name, dtype, shape, meaning })),
    outputs: graph.outputs.map(({ name, dtype, shape }) => ({ name, dtype, shape, meaning: outputMeanings[name] })),
    /** Extents from 1 up; batches are padded to the others. */
    open_axes: [...new Set(axes.flatMap(([axis, extent]) => (typeof extent === 'string' ? [axis] : [])))],
    fixed_axes: Object.fromEntries(axes.filter(([, extent]) => typeof extent === 'number')),
    /** [CLS] and [SEP] among them. */
    most_tokens_in_a_chunk: Math.min(text.window, text.max_tokens),
    text: task.inputs.includes('text')
      ? { cleaning: cleaningSteps(prepared.text), tokenizer: 'tokenizer.json', most_pieces: prepared.max_tokens, chunking: chunkingOf(text), special: tokenizer.special }
      : null,
    codes: {
      vocabulary: 'vocab.json',
      first_number: codeSpecials.length,
      special: Object.fromEntries(codeSpecials.map((name, number) => [name, number])),
      most_of_a_kind: codes.max_codes,
      granularity: { dx: prepared.codes.dx, px: prepared.codes.px, atc_level: prepared.codes.atc_level },
    },
    history: task.name === 'medication' ? { most_visits: config.medication.max_history } : null,
    labels: 'labels.json',
  };
}

const outputMeanings: Record<string, string> = {
  probabilities: 'of each label of labels.json, 0 to 1',
  attention: 'of each label of explain.labels over the tokens of all chunks, end to end; sums to 1, and is 0 on padding and where a visit has no note',
};

/** Labels in the order of the model's columns. */
export const describeLabels = ({ file }: Pick<StatedRun, 'file'>) => ({
  rule: 'predicted where the probability is above the threshold, which was tuned on dev',
  labels: file.labels.map(({ kind = null, system, code, title = null }, number) => ({ number, kind, system, code, title, threshold: file.threshold })),
});
