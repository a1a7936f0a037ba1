/** What each measurement of `medweave bench` measures: sizes, the model's configuration, and the synthetic visits. */
import { configurationError } from '../../core/errors.js';
import type { BertStepOptions } from '../../bench/bert-step.js';
import type { SyntheticVisits } from '../../bench/synthetic-dataset.js';
import { loadRunConfig, type RunConfig } from '../run-config.js';
import type { BenchArgs } from './options.js';

interface Sizes {
  batch: number;
  tokens: number;
  width: number;
  layers: number;
  vocabulary: number;
  codes: number;
  medications: number;
  visitCodes: number;
  /** Overrides of the configuration, before the user's own. */
  set: string[];
}

/** BERT-base, and the paper's vocabularies. */
const base: Sizes = { batch: 8, tokens: 512, width: 768, layers: 2, vocabulary: 1000, codes: 6646, medications: 155, visitCodes: 61, set: [] };

/** A visit without a note: the text encoder is as small as it can be, and nothing reads it (as in configs/mimic4-codes.yaml). */
const withoutText = ['model.fusion=concatenation', 'pretrain.text_to_code=false', 'pretrain.freeze=null'];

const small = ['model.codes.width=32', 'model.codes.feed_forward=32', 'model.reader.width=16', 'pretrain.head_width=32'];

export const sizesOf = {
  layers: { ...base, tokens: 128 },
  'bert-base': { ...base, batch: 4, layers: 12 },
  suffix: { ...base, set: ['pretrain.freeze=0'] },
  codes: { ...base, tokens: 16, width: 32, layers: 0, codes: 8000, medications: 0, set: withoutText },
  encode: { ...base, layers: 10, vocabulary: 30522 },
  epoch: { ...base, layers: 12, vocabulary: 30522, set: ['pretrain.freeze=10'] },
  scaling: { ...base, tokens: 64, width: 64, layers: 3, codes: 200, medications: 50, visitCodes: 13, set: [...small, 'pretrain.freeze=2'] },
} satisfies Record<string, Sizes>;

export type Measured = keyof typeof sizesOf;

const HEAD_WIDTH = 64;

/** The sizes asked for, the measurement's own in place of those that were not. */
export function chosenSizes(measured: Measured, args: BenchArgs) {
  const { set, ...defaults } = sizesOf[measured];
  const given = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, args[name as keyof typeof defaults] ?? value])) as Omit<Sizes, 'set'>;
  const { width } = given;
  const heads = args.heads ?? Math.max(1, Math.round(width / HEAD_WIDTH));
  if (width % heads) throw configurationError(`--width ${width}: not a multiple of the number of heads, ${heads}`);
  return { ...given, heads, feed_forward: args.feedForward ?? 4 * width, labels: args.labels ?? 50, set };
}

export function bertShape(measured: 'layers' | 'bert-base', args: BenchArgs, seed: number): BertStepOptions {
  const { batch, tokens, width, heads, feed_forward, layers, vocabulary, labels } = chosenSizes(measured, args);
  return { batch, tokens, width, heads, feed_forward, layers, vocabulary, labels, dropout: args.dropout, seed };
}

/**
 * The configuration of a run (by default the paper's) with the sizes asked for. The objective `reading` is ours, and off.
 * @throws configuration error for a text encoder whose products are not counted
 */
export function runConfig(measured: Measured, args: BenchArgs): RunConfig {
  const { batch, tokens, width, heads, feed_forward, layers, set } = chosenSizes(measured, args);
  const { dropout, frozen, window = tokens } = args;
  const sizes = { width, heads, feed_forward, layers, dropout, max_tokens: tokens, window };
  const overrides = [
    ...Object.entries(sizes).map(([name, value]) => `model.text.${name}=${value}`),
    `model.codes.dropout=${dropout}`,
    `pretrain.training.batch_size=${batch}`,
    ...set,
    ...(frozen === undefined ? [] : [`pretrain.freeze=${frozen}`]),
    ...args.set,
    'pretrain.reading=[]',
  ];
  const config = loadRunConfig({ ...args, config: args.config ?? 'medm-plm', set: overrides });
  const { encoder } = config.model.text;
  if (encoder !== 'transformer') throw configurationError(`bench: model.text.encoder is ${encoder}; only a Transformer's matrix products are counted, expected transformer`);
  return config;
}

export function syntheticVisits(measured: Measured, args: BenchArgs, { lengths, seed }: { lengths: readonly number[]; seed: number }): SyntheticVisits {
  const { vocabulary, codes, medications, visitCodes } = chosenSizes(measured, args);
  return { lengths, vocabulary, codes, medications, codesInVisit: visitCodes - 1, seed };
}
