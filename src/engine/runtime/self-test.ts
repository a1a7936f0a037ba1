/** A tiny program whose answer is known: does a runtime work here? */
import { deviceError } from '../../core/errors.js';
import { createGraph } from '../onnx.js';
import type { Runtime } from './runtime.js';

/** y = x · x + x on [2, 3], as a model. */
export function selfTestModel(): Uint8Array {
  const graph = createGraph();
  const square = graph.node('Mul', ['x', 'x'])[0]!;
  const sum = graph.node('Add', [square, 'x'])[0]!;
  const value = (name: string) => ({ name, shape: [2, 3], dtype: 'float32' as const });
  return graph.encode([value('x')], [{ ...value('y'), source: sum }]).model;
}

export const selfTestInput = [-2, -1, 0, 1, 2, 3];
export const selfTestOutput = [2, 0, 0, 2, 6, 12];

/** @throws device error when the runtime answers wrongly, or not at all */
export async function selfTest(runtime: Runtime): Promise<void> {
  const session = await runtime.createSession(selfTestModel());
  const result = new Float32Array(6);
  const tensor = { shape: [2, 3], dtype: 'float32' as const };
  await session.bind([{ ...tensor, name: 'x', data: Float32Array.from(selfTestInput) }], [{ ...tensor, name: 'y', data: result }])();
  session.release();
  if (result.join() !== selfTestOutput.join()) throw deviceError(`${runtime.description}: the self-test gave ${result.join(' ')}, expected ${selfTestOutput.join(' ')}`);
}
