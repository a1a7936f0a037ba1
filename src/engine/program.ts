/** Compiled programs: a trace, a session, and calls bound to buffers. */
import { shapeError } from '../core/errors.js';
import { allocateNoise, fillNoise } from './noise.js';
import type { BoundTensor, Runtime, Session } from './runtime/runtime.js';
import { sizeOf } from './shapes.js';
import { trace, type NoiseSite, type Trace, type TraceOptions } from './trace.js';
import type { Buffer, Buffers, Call, NoiseKey, Program, ProgramFunction, TensorSpec } from './types.js';

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** Compiles for an ONNX runtime. */
export async function compileProgram(runtime: Runtime, fn: ProgramFunction, specs: readonly TensorSpec[], options: TraceOptions): Promise<Program> {
  // The model holds all weights: it must not live as long as the program does.
  const { model, ...traced } = trace(fn, specs, options);
  const session = await runtime.createSession(model, { brief: options.brief });
  return programOf(traced, (inputs, outputs) => bindCall(session, traced, inputs, outputs), () => session.release());
}

/** A trace without its model. */
type Traced = Omit<Trace, 'model'>;

/** What programs of all kinds have in common. */
export function programOf(traced: Traced, bind: (inputs: Buffers, outputs: Buffers) => Call, dispose: () => void): Program {
  return {
    inputs: traced.inputs,
    unusedInputs: traced.unusedInputs,
    outputs: traced.outputs.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    noiseSites: traced.noise.map(({ site }) => site),
    stats: traced.stats,
    bind: (inputs = {}, outputs = {}) => bind(bufferAll(traced.inputs, inputs), bufferAll(traced.outputs, outputs)),
    dispose,
  };
}

/** The buffer given for each tensor, or a new one. @throws shape error on a buffer of another size or type */
function bufferAll(specs: readonly TensorSpec[], given: Buffers): Buffers {
  return Object.fromEntries(specs.map((spec) => [spec.name, checkBuffer(spec, given[spec.name]) ?? new arrayTypes[spec.dtype](sizeOf(spec.shape))]));
}

function checkBuffer({ name, shape, dtype }: TensorSpec, buffer: Buffer | undefined): Buffer | undefined {
  if (!buffer || (buffer instanceof arrayTypes[dtype] && buffer.length === sizeOf(shape))) return buffer;
  throw shapeError(`the buffer for "${name}" is a ${buffer.constructor.name} of ${buffer.length}; expected a ${arrayTypes[dtype].name} of ${sizeOf(shape)} (${dtype} [${shape}])`);
}

function bindCall(session: Session, traced: Traced, inputs: Buffers, outputs: Buffers): Call {
  const noise = traced.noise.map((site) => ({ site, factors: allocateNoise(site) }));
  const noiseTensors = noise.flatMap(({ site, factors }): BoundTensor[] => [
    { name: site.rowInput, shape: [site.rows, 1], dtype: 'int32', data: factors.row },
    { name: site.columnInput, shape: [1, site.columns], dtype: 'int32', data: factors.column },
  ]);
  const bound = traced.inputs.map((input): BoundTensor => ({ ...input, data: inputs[input.name]! }));
  const run = session.bind([...bound, ...noiseTensors], traced.outputs.map((output) => ({ ...output, name: output.modelName, data: outputs[output.name]! })));
  return {
    inputs,
    outputs,
    async run(key?: NoiseKey) {
      for (const { site, factors } of noise) fillNoise(factors, site.site, expectKey(key, site));
      await run();
    },
  };
}

/** @throws when a program that draws noise is run without a key */
export function expectKey(key: NoiseKey | undefined, { site }: NoiseSite): NoiseKey {
  if (!key) throw shapeError(`the program draws noise at "${site}": call run({ seed, step })`);
  return key;
}
