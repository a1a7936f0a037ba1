/** Batches of visits from a data set, in the few shapes that a run compiles programs for. */
import { chooseShapes, codeKinds, fillBatch, planBatches, type BatchPlan, type Chunking, type CodeKind, type Dataset } from '../dataset/index.js';
import type { ModelConfig, TextConfig } from '../encoders/config.js';
import type { ChunkedRows, VisitRows } from '../encoders/visit-batch.js';
import type { FrozenPrefix } from './frozen-prefix.js';

export interface VisitSource {
  /** Kinds of codes that have a vocabulary. */
  kinds: CodeKind[];
  /** Plans batches over rows of the data set; shuffled by (seed, epoch), or in row order. */
  plan(rows: Int32Array, shuffle?: { seed: number; epoch: number }): BatchPlan[];
  load(plan: BatchPlan): Promise<VisitRows>;
  /** The text of a batch alone, before any layer reads it. */
  loadText(plan: BatchPlan): ChunkedRows;
  /** What the model is given of a text: the frozen layers' output, where there are any. */
  encodeText(text: ChunkedRows): Promise<ChunkedRows>;
}

export interface VisitSourceOptions {
  model: ModelConfig;
  batchSize: number;
  /** Where the text encoder's first layers are frozen. */
  prefix?: FrozenPrefix;
}

export function createVisitSource(dataset: Dataset, { model: { text, codes }, batchSize, prefix }: VisitSourceOptions): VisitSource {
  const kinds = kindsOf(dataset);
  const shapes = chooseShapes(dataset, { batchSize, chunking: chunkingOf(text), maxCodes: codes.max_codes });
  const encodeText = async (rows: ChunkedRows): Promise<ChunkedRows> => (prefix ? prefix.encode(rows) : rows);
  return {
    kinds,
    plan: (rows, shuffle) => planBatches(dataset, rows, { ...shapes, shuffle }),
    async load(plan) {
      const filled = fillBatch(dataset, plan);
      return {
        batch: filled.rows.length,
        text: await encodeText(filled.text),
        codes: Object.fromEntries(kinds.map((kind) => [kind, filled.codes[kind]])),
      };
    },
    loadText: (plan) => fillBatch(dataset, plan).text,
    encodeText,
  };
}

/** How a model reads notes that are longer than its window. */
export const chunkingOf = ({ window, overlap, max_tokens }: TextConfig): Chunking => ({ window, overlap, maxTokens: max_tokens });

export const kindsOf = ({ vocabulary }: Dataset): CodeKind[] => codeKinds.filter((kind) => vocabulary.kinds[kind].length > 0);
