/** The inputs of an exported model: what each holds, and which of its axes are open. */
import type { ModelConfig } from '../../src/encoders/config.js';
import type { Axes, DynamicSpec } from '../../src/engine/dynamic/index.js';
import { configurationError } from '../../src/core/errors.js';
import type { StatedRun } from '../stated-run.js';

/** An input with all its axes by name. */
export interface ModelInput {
  name: string;
  dtype: DynamicSpec['dtype'];
  axes: readonly string[];
  /** For people. */
  meaning: string;
}

/** The same with the extents that axes have for ever, where they do not stay open. */
export type ExportedInput = ModelInput & DynamicSpec;

/** Name of the input by which attention is asked for. */
export const EXPLAIN = 'explain.labels';

const BATCH = 'batch';

/** @param attention whether labels can be named whose attention is wanted */
export function inputsOf({ task, config }: Pick<StatedRun, 'task' | 'config'>, attention: boolean): ModelInput[] {
  return [
    ...(task.inputs.includes('text') ? textInputs : []),
    ...task.inputs.filter((input) => input !== 'text').flatMap(codeInputs),
    ...(task.name === 'medication' ? historyInputs(config.medication.history === 'released') : []),
    ...(attention ? [{ name: EXPLAIN, axes: ['labels'], dtype: 'int32' as const, meaning: 'numbers of the labels whose attention is wanted, at least one' }] : []),
  ];
}

const textInputs: ModelInput[] = [
  { name: 'text.ids', axes: [BATCH, 'chunks', 'tokens'], dtype: 'int32', meaning: 'word pieces; every chunk of a note is [CLS] … [SEP], then [PAD]' },
  { name: 'text.mask', axes: [BATCH, 'chunks', 'tokens'], dtype: 'bool', meaning: 'true where text.ids holds something, [CLS] and [SEP] included' },
  { name: 'text.present', axes: [BATCH], dtype: 'bool', meaning: 'whether the visit has a note; where it has none, its first chunk is [CLS] [SEP]' },
];

function codeInputs(kind: string): ModelInput[] {
  const axes = [BATCH, `${kind}_codes`];
  return [
    { name: `${kind}.ids`, axes, dtype: 'int32', meaning: `[CLS], then the visit's ${kind} codes, each once, as numbers of vocab.json (4 + its place)` },
    { name: `${kind}.mask`, axes, dtype: 'bool', meaning: `true where ${kind}.ids holds something, [CLS] included` },
    { name: `${kind}.present`, axes: [BATCH], dtype: 'bool', meaning: `whether the visit has ${kind} codes` },
  ];
}

/** A run with the released history learnt with the visit's own medications among its past; new visits have none yet, and give the same twice. */
const historyInputs = (released: boolean): ModelInput[] =>
  ['past', ...(released ? ['past.rx'] : [])].map((name) => ({
    name,
    axes: [BATCH, BATCH],
    dtype: 'float32',
    meaning: 'row t: 1 / (number of past visits) at the rows of the batch that are past visits of t, else 0',
  }));

/** Axis → its extent, where that is not left open. */
export type FixedAxes = Readonly<Record<string, number>>;

/** The recurrent encoder takes one step a doubling of the chunk: it reads chunks of one length. */
export const necessarilyFixed = ({ text: { encoder, window, max_tokens } }: ModelConfig): FixedAxes => (encoder === 'rnn' ? { tokens: Math.min(window, max_tokens) } : {});

/** @throws configuration error for an axis that the model has not, or an extent that it cannot have */
export function withFixed(inputs: readonly ModelInput[], fixed: FixedAxes, { text }: ModelConfig): ExportedInput[] {
  const axes = new Set(inputs.flatMap((input) => input.axes));
  const longest = Math.min(text.window, text.max_tokens);
  for (const [axis, extent] of Object.entries(fixed)) {
    if (!axes.has(axis)) throw configurationError(`--shape ${axis}=${extent}: the model has no such axis; it has ${[...axes].join(', ')}`);
    if (!Number.isInteger(extent) || extent < 1) throw configurationError(`--shape ${axis}=${extent}: expected a whole number from 1 up`);
    if (axis === 'tokens' && extent > longest) throw configurationError(`--shape tokens=${extent}: the model reads chunks of at most ${longest} tokens (model.text.window)`);
  }
  return inputs.map((input) => ({ ...input, shape: input.axes.map((axis) => fixed[axis] ?? axis) }));
}

/** A chunk as long as the position table is a case of its own while tracing: nothing is cut off the table then. */
export function openAxes(inputs: readonly ExportedInput[], { text: { window, max_tokens } }: ModelConfig): Axes {
  const names = new Set(inputs.flatMap(({ shape }) => shape.filter((axis) => typeof axis === 'string')));
  return Object.fromEntries([...names].map((axis) => [axis, axis === 'tokens' ? { below: Math.min(window, max_tokens) } : {}]));
}
