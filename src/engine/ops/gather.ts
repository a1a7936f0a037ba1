/** Rows of a table by id, as in an embedding. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { scatterRows } from '../kernels/scatter.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

/**
 * Ids must lie in [0, N). The gradient adds up rows of repeated ids, in order.
 * @param table [N, F] @param ids int32, any shape @returns [...ids, F]
 */
export function gatherRows(table_NF: Tensor, ids: Tensor): Tensor {
  if (table_NF.rank !== 2) throw shapeError(`gatherRows: the table has shape [${table_NF.shape}], expected [rows, width]`);
  if (ids.dtype !== 'int32') throw shapeError(`gatherRows: ids are ${ids.dtype}, expected int32`);
  const [rows, width] = table_NF.shape as [number, number];
  const recorder = activeRecorder();
  if (!recorder) return tf.gather(table_NF, ids);
  return withGradient([table_NF], ([table]) => ({
    value: tf.gather(table!, ids),
    saved: [ids],
    gradient: (dy, [ids]) => [asTensor(scatterRows(recorder, { rows: tf.reshape(dy, [-1, width]), ids: ids! }, rows))],
  }));
}
