/** All kernels, registered with tfjs for the recorder. */
import { RECORDER, Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { arithmetic } from './arithmetic.js';
import { filling } from './filling.js';
import { indexing } from './indexing.js';
import type { KernelTable } from './kernel.js';
import { layout } from './layout.js';
import { logic } from './logic.js';
import { products } from './matmul.js';
import { reductions } from './reduction.js';
import { unaryKernels } from './unary.js';

export const kernels: KernelTable = { ...arithmetic, ...unaryKernels, ...logic, ...reductions, ...products, ...layout, ...indexing, ...filling };

/** Makes the recorder known to tfjs, once. */
export function registerRecorder(): Recorder {
  const known = tf.findBackend(RECORDER) as Recorder | null;
  if (known) return known;
  for (const [kernelName, spell] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: RECORDER,
      kernelFunc: ({ inputs, attrs, backend }) => spell(backend as Recorder, inputs as never, attrs ?? {}),
    });
  }
  tf.registerBackend(RECORDER, () => new Recorder(), 0);
  return tf.findBackend(RECORDER) as Recorder;
}
