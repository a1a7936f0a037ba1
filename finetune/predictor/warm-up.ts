/** Visits that fill each shape a model serves, so that its programs are compiled before the first request. */
import { chunkCapacity, CODE_UNK, visitsInMemory, type Chunking, type CodeKind, type VisitColumns, type VisitInMemory } from '../../src/dataset/index.js';
import { largestBatch, type FixedShapes } from '../../src/training/fixed-shapes.js';
import { historiesOf, type RecordVisits } from './visits.js';

export interface WarmUpOptions extends Pick<VisitColumns, 'vocabulary' | 'tokenizer'> {
  chunking: Chunking;
  withText: boolean;
  /** Whether predictions read past visits. */
  withHistory: boolean;
}

type Visits = Pick<RecordVisits, 'visits' | 'histories' | 'rows'>;

/** @returns for each shape of text, codes and batch visits that fill it */
export function* warmUpVisits(shapes: FixedShapes, { chunking, withText, withHistory, vocabulary, tokenizer }: WarmUpOptions): Generator<Visits> {
  const { textBuckets, batchSizes, codeWidths } = shapes;
  for (const bucket of withText ? textBuckets : textBuckets.slice(0, 1)) {
    const tokens = new Int32Array(chunkCapacity(bucket, chunking)).fill(tokenizer.special.unk);
    // A visit lies in the same batch as its past, however long it is.
    const largest = withHistory ? batchSizes.at(-1)! : largestBatch(shapes, bucket.chunks * bucket.width);
    for (const widths of codeWidths) {
      const full = (kind: CodeKind): number[] => new Array<number>(widths[kind] - 1).fill(CODE_UNK);
      const codes = { dx: full('dx'), rx: full('rx'), px: full('px') };
      for (const size of batchSizes.filter((one) => one <= largest)) yield fullBatch(size, { tokens, codes }, { withHistory, vocabulary, tokenizer });
    }
  }
}

function fullBatch(size: number, visit: VisitInMemory, { withHistory, vocabulary, tokenizer }: Pick<WarmUpOptions, 'withHistory' | 'vocabulary' | 'tokenizer'>): Visits {
  const each = withHistory ? 2 : 1;
  const lengths = new Array<number>(Math.max(1, Math.floor(size / each))).fill(each);
  return {
    visits: visitsInMemory(new Array<VisitInMemory>(lengths.length * each).fill(visit), { vocabulary, tokenizer }),
    histories: historiesOf(lengths),
    rows: Int32Array.from(lengths, (_, r) => (r + 1) * each - 1),
  };
}
