/** tfjs itself as a device: the function runs as it is written, kernel by kernel. */
import { allocateNoise, fillNoise, keepMask, noiseExtent } from '../noise.js';
import { expectKey, programOf } from '../program.js';
import { tf } from '../tf.js';
import { trace, withBackend, type NoiseSite, type Trace } from '../trace.js';
import type { Buffers, Call, CompileOptions, Noise, NoiseKey, Program, ProgramFunction, Tensors, TensorSpec } from '../types.js';

/** The function is traced too: what it reads, what it returns and what it draws are known before the first run, as on other devices. */
export function compileEager(backend: string, fn: ProgramFunction, specs: readonly TensorSpec[], options: CompileOptions): Program {
  const traced: Trace = { ...trace(fn, specs, options), stats: { nodes: 0, constantBytes: 0, operators: {} } };
  const bind = (inputs: Buffers, outputs: Buffers): Call => ({
    inputs,
    outputs,
    run: async (key) => withBackend(backend, () => tf.tidy(() => runEagerly({ fn, specs, options, traced }, { inputs, outputs }, key))),
  });
  return programOf(traced, bind, () => {});
}

interface EagerProgram {
  fn: ProgramFunction;
  specs: readonly TensorSpec[];
  options: CompileOptions;
  traced: Trace;
}

function runEagerly({ fn, specs, options, traced }: EagerProgram, buffers: { inputs: Buffers; outputs: Buffers }, key?: NoiseKey): void {
  const tensors: Tensors = {};
  // Unused inputs have no buffer; the function still receives them.
  for (const { name, shape, dtype } of specs) tensors[name] = buffers.inputs[name] ? tf.tensor(buffers.inputs[name].slice(), [...shape], dtype) : tf.zeros([...shape], dtype);
  for (const [name, { data, shape }] of Object.entries(options.weights ?? {})) tensors[name] = tf.tensor(data, [...shape]);
  const results = fn(tensors, eagerNoise(traced.noise, key));
  const values = traced.outputs.map(({ name }) => results[name]!.dataSync());
  traced.outputs.forEach(({ name }, i) => buffers.outputs[name]!.set(values[i]!));
}

const eagerNoise = (sites: readonly NoiseSite[], key?: NoiseKey): Noise => ({
  keep(site, shape, dropProbability) {
    const factors = allocateNoise(noiseExtent(shape));
    const used = sites.find((known) => known.site === site);
    if (used) fillNoise(factors, site, expectKey(key, used));
    return tf.tensor(keepMask(factors, dropProbability), [...shape], 'bool');
  },
});
