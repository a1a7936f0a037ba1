/** Visits that fill each shape a model serves, so that its programs are compiled before the first request. */
import { chunkCapacity, visitsInMemory, type VisitColumns, type VisitInMemory } from '../../src/dataset/index.js';
import type { BatchShapes, Chunking } from '../../src/dataset/index.js';
import { historiesOf, type RecordVisits } from './visits.js';

export interface WarmUpOptions extends Pick<VisitColumns, 'vocabulary' | 'tokenizer'> {
  textBuckets: BatchShapes['textBuckets'];
  chunking: Chunking;
  withText: boolean;
  /** Whether predictions read past visits. */
  withHistory: boolean;
}

type Visits = Pick<RecordVisits, 'visits' | 'histories' | 'rows'>;

/** @returns records of which `size` visits fill one batch, for each shape of text */
export function warmUpVisits(size: number, { textBuckets, chunking, withText, withHistory, vocabulary, tokenizer }: WarmUpOptions): Visits[] {
  const each = withHistory ? 2 : 1;
  return (withText ? textBuckets : textBuckets.slice(0, 1)).map((bucket): Visits => {
    const visit: VisitInMemory = { tokens: new Int32Array(chunkCapacity(bucket, chunking)).fill(tokenizer.special.unk), codes: { dx: [], rx: [], px: [] } };
    const lengths = new Array<number>(Math.max(1, Math.floor(size / each))).fill(each);
    return {
      visits: visitsInMemory(new Array<VisitInMemory>(lengths.length * each).fill(visit), { vocabulary, tokenizer }),
      histories: historiesOf(lengths),
      rows: Int32Array.from(lengths, (_, r) => (r + 1) * each - 1),
    };
  });
}
