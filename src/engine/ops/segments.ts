/** Sums, gathers and maxima over the edges of a fixed graph: each sum is the gradient of a gather and the other way round. */
import type { Tensor } from '@tensorflow/tfjs';
import { activeRecorder } from '../recorder.js';
import { sizeOf } from '../shapes.js';
import { tf } from '../tf.js';
import { staticTensor } from './constants.js';
import { planScatter, recordScatter, type ScatterPlan } from './scatter-plan.js';
import { asTensor, withGradient } from './trace.js';

/** One end of every edge: the node it is at, and how to add up edges by that node. */
export interface EdgeEnd {
  node: Int32Array;
  nodes: number;
  scatter: ScatterPlan;
}

export const planEdgeEnd = (node: Int32Array, nodes: number): EdgeEnd => ({ node, nodes, scatter: planScatter(node, nodes) });

const nodeIds = (end: EdgeEnd): Tensor => staticTensor(end.node, [end.node.length]);

/** [E, …] → [N, …]: the sum of each node's edges; zero where it has none. No gradient of its own. */
export function sumEdges(x: Tensor, end: EdgeEnd): Tensor {
  const recorder = activeRecorder();
  if (!recorder) return tf.unsortedSegmentSum(x, nodeIds(end) as never, end.nodes);
  const tail = x.shape.slice(1);
  return tf.reshape(asTensor(recordScatter(recorder, tf.reshape(x, [x.shape[0]!, sizeOf(tail)]), end.scatter)), [end.nodes, ...tail]);
}

/** [N, …] → [E, …]: for each edge the value at its node. */
export function gatherNodes(x: Tensor, end: EdgeEnd): Tensor {
  if (!activeRecorder()) return tf.gather(x, nodeIds(end));
  return withGradient([x], ([x]) => ({ value: tf.gather(x!, nodeIds(end)), gradient: (dy) => [sumEdges(dy, end)] }));
}

/** [E, H] → [N, H]: the largest of each node's edges; unspecified where it has none. Not differentiable. */
export function maxEdges(x_EH: Tensor, end: EdgeEnd): Tensor {
  const [edges, width] = x_EH.shape as [number, number];
  const recorder = activeRecorder();
  if (!recorder) return tf.tensor2d(maxOnHost(x_EH.dataSync(), width, end), [end.nodes, width]);
  const column = recorder.constant('int32', [edges, 1], end.node);
  const positions = recorder.node('Expand', [column, recorder.integers([edges, width])]);
  const lowest = recorder.fill(-3e38, [end.nodes, width], 'float32');
  return asTensor(recorder.emit('ScatterElements', [lowest, positions, x_EH], lowest, { axis: 0, reduction: 'max' }));
}

function maxOnHost(values: ArrayLike<number>, width: number, { node, nodes }: EdgeEnd): Float32Array {
  const largest = new Float32Array(nodes * width).fill(-3e38);
  node.forEach((n, edge) => {
    for (let h = 0; h < width; h++) largest[n * width + h] = Math.max(largest[n * width + h]!, values[edge * width + h]!);
  });
  return largest;
}
