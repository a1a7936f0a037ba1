/** Batches of visits from a data set, in the few shapes that a run compiles programs for. */
import { chooseShapes, codeKinds, fillBatch, planBatches, planGroups, type BatchPlan, type Chunking, type CodeKind, type VisitColumns } from '../dataset/index.js';
import type { ModelConfig, TextConfig } from '../encoders/config.js';
import type { ChunkedRows, VisitRows } from '../encoders/visit-batch.js';
import { inSmallerBatches, withoutPadding, type FixedShapes } from './fixed-shapes.js';
import type { FrozenPrefix } from './frozen-prefix.js';

export interface VisitSource {
  /** Kinds of codes that have a vocabulary. */
  kinds: CodeKind[];
  /** Most visits in a batch. */
  batchSize: number;
  /** Plans batches over rows of the data set; shuffled by (seed, epoch), or in row order. */
  plan(rows: Int32Array, shuffle?: Shuffle): BatchPlan[];
  /** The same over groups of rows that must stay together. */
  planGroups(groups: readonly (readonly number[])[], shuffle?: Shuffle): BatchPlan[];
  load(plan: BatchPlan): Promise<VisitRows>;
  /** The text of a batch alone, before any layer reads it. */
  loadText(plan: BatchPlan): ChunkedRows;
  /** What the model is given of a text: the frozen layers' output, where there are any. */
  encodeText(text: ChunkedRows): Promise<ChunkedRows>;
}

type Shuffle = { seed: number; epoch: number };

export interface VisitSourceOptions {
  model: ModelConfig;
  batchSize: number;
  /** Where the text encoder's first layers are frozen. */
  prefix?: FrozenPrefix;
  /** Whether the text is read at all: where it is not, lengths of notes do not matter. */
  withText?: boolean;
  /** Shapes that hold for all visits to come, instead of those that suit the visits at hand best. */
  shapes?: FixedShapes;
}

export function createVisitSource(visits: VisitColumns, { model: { text, codes }, batchSize, prefix, withText = true, shapes: given }: VisitSourceOptions): VisitSource {
  const kinds = kindsOf(visits);
  const chunking = chunkingOf(text);
  const chosen = given ? { textBuckets: given.textBuckets, codeWidths: given.codeWidths.at(-1)!, batchSize, chunking } : chooseShapes(visits, { batchSize, chunking, maxCodes: codes.max_codes });
  const cutDown = (plans: BatchPlan[]): BatchPlan[] => (given ? plans.map((plan) => withoutPadding(plan, visits, given)) : plans);
  const smaller = (plans: BatchPlan[]): BatchPlan[] => (given ? plans.flatMap((plan) => inSmallerBatches(plan, given)) : plans);
  const shapes = withText ? chosen : { ...chosen, textBuckets: chosen.textBuckets.slice(-1) };
  const encodeText = async (rows: ChunkedRows): Promise<ChunkedRows> => (prefix ? prefix.encode(rows) : rows);
  return {
    kinds,
    batchSize,
    plan: (rows, shuffle) => cutDown(smaller(planBatches(visits, rows, { ...shapes, shuffle }))),
    planGroups: (groups, shuffle) => cutDown(planGroups(visits, groups, { ...shapes, shuffle })),
    async load(plan) {
      const filled = fillBatch(visits, plan);
      return {
        batch: filled.rows.length,
        text: withText ? await encodeText(filled.text) : undefined,
        codes: Object.fromEntries(kinds.map((kind) => [kind, filled.codes[kind]])),
      };
    },
    loadText: (plan) => fillBatch(visits, plan).text,
    encodeText,
  };
}

/** How a model reads notes that are longer than its window. */
export const chunkingOf = ({ window, overlap, max_tokens }: TextConfig): Chunking => ({ window, overlap, maxTokens: max_tokens });

export const kindsOf = ({ vocabulary }: Pick<VisitColumns, 'vocabulary'>): CodeKind[] => codeKinds.filter((kind) => vocabulary.kinds[kind].length > 0);
