/** Whether a store holds the notes that a data set was prepared from. */
import { dataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';

/** Otherwise attention would be laid over the wrong words. @param ids pieces of the row's note in the store @throws data error when they are not those of the data */
export function assertSamePieces({ dir, visitIds, tokens }: Dataset, row: number, { ids, store }: { ids: Int32Array; store: string }): void {
  const ofData = tokens.row(row);
  if (ids.length === ofData.length && ids.every((id, piece) => id === ofData[piece])) return;
  throw dataError(`${store}: the note of visit ${visitIds[row]} is not the one that ${dir} was prepared from; give that store, or prepare the data again`);
}
