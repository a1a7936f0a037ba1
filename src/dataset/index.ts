/** Data sets: what the other stages use of them. */
export { visitsHash, type FittedOn } from './fitted-on.js';
export { readSplit, splitIdOf, type SplitManifest } from './split.js';
export { codeKinds, prepareSchema, splitNames, type CodeKind, type PrepareConfig, type SplitName } from './config.js';
export { prepare, type PrepareRequest, type PrepareResult } from './prepare.js';
export { flowTable, type Flow } from './flow.js';
export { describeData, type DataDescription, type Distribution } from './describe.js';
export { openDataset, type Dataset, type VisitColumns } from './open.js';
export { visitsInMemory, type VisitInMemory } from './in-memory.js';
export { codeAtGranularity } from './granularity.js';
export type { GoldCode } from './gold.js';
export { createRagged, raggedFrom, type Ragged } from './ragged.js';
export {
  CODE_CLS,
  CODE_MASK,
  CODE_PAD,
  CODE_UNK,
  codeSpecials,
  readVocabulary,
  vocabularySize,
  type Vocabulary,
  type VocabularyCode,
} from './vocabulary.js';
export { sameTokenizer, vocabularyHash, type SpecialIds, type TextTokenizer } from './text/tokenizer.js';
export { createTokenizer, readTokenizer } from './text/read.js';
export { createPieceLocator, type LocatedPieces } from './text/located.js';
export { findTokenizer, readTokenizerSource, type TokenizerSource } from './text/source.js';
export { assertSameTokenizer } from './text/same.js';
export { writeParquet } from './parquet/write.js';
export { cleaningSteps, cleanNote, type CleaningStep } from './text/clean.js';
export { chooseShapes, planBatches, planGroups, visitsIn, type BatchPlan, type BatchShapes, type PlanOptions, type ShapeOptions } from './batches/plan.js';
export { CHUNK_SPECIALS, chunkCapacity, chunksOf, type Chunk, type Chunking } from './batches/chunks.js';
export { fillBatch, type Batch, type CodeBatch, type TextBatch } from './batches/fill.js';
export { bucketOf, chooseBuckets } from './batches/buckets.js';
