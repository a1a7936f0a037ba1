/** Records a function of tensors as an ONNX graph. */
import type { Tensor } from '@tensorflow/tfjs';
import { configurationError, deviceError } from '../core/errors.js';
import { registerRecorder } from './kernels/index.js';
import { keepThreshold, noiseExtent, type NoiseExtent } from './noise.js';
import type { GraphOutput, GraphParts, GraphValue } from './onnx.js';
import { asTensor } from './ops/trace.js';
import { RECORDER, type Recorder } from './recorder.js';
import { tf } from './tf.js';
import type { CompileOptions, Noise, ProgramFunction, ProgramStats, Tensors, TensorSpec } from './types.js';

export interface NoiseSite extends NoiseExtent {
  site: string;
  /** Names of the graph inputs that hold its factors. */
  rowInput: string;
  columnInput: string;
}

export interface OutputSpec extends TensorSpec {
  /** Its name in the model: another one where an input has the name already (a parameter and its gradient, say). */
  modelName: string;
}

export interface Trace {
  model: Uint8Array;
  inputs: TensorSpec[];
  unusedInputs: TensorSpec[];
  outputs: OutputSpec[];
  noise: NoiseSite[];
  stats: ProgramStats;
}

export interface TraceOptions extends CompileOptions {
  /** Use ONNX's own operators only, none of ONNX Runtime's additions. */
  standardOnly?: boolean;
}

/** @throws device error naming the kernel when a kernel has no ONNX spelling */
export function trace(fn: ProgramFunction, specs: readonly TensorSpec[], options: TraceOptions = {}): Trace {
  return withRecording(fn, specs, options, ({ recorder, sites, outputs, sources }) => {
    const { model, usedInputs, ...stats } = recorder.graph.encode([...specs, ...sites.flatMap(siteInputs)], sources);
    return {
      model,
      inputs: specs.filter((spec) => usedInputs.has(spec.name)),
      unusedInputs: specs.filter((spec) => !usedInputs.has(spec.name)),
      outputs,
      noise: sites.filter((site) => usedInputs.has(site.rowInput)),
      stats,
    };
  });
}

/**
 * The graph itself, for whoever goes on working with it.
 * @throws device error when a kernel has no ONNX spelling; configuration error when the function draws noise
 */
export function traceParts(fn: ProgramFunction, specs: readonly TensorSpec[], options: TraceOptions = {}): GraphParts {
  return withRecording(fn, specs, options, ({ recorder, sites, sources }) => {
    if (sites.length) throw configurationError(`${nameOf(options)}: draws noise at "${sites[0]!.site}", which only programs for training can`);
    return recorder.graph.parts(specs, sources);
  });
}

const nameOf = ({ name = 'program' }: TraceOptions): string => name;

/** What a function left in the recorder. */
interface Recording {
  recorder: Recorder;
  sites: NoiseSite[];
  outputs: OutputSpec[];
  sources: GraphOutput[];
}

function withRecording<Result>(fn: ProgramFunction, specs: readonly TensorSpec[], options: TraceOptions, use: (recording: Recording) => Result): Result {
  const name = nameOf(options);
  expectDistinctNames(specs, options, name);
  const recorder = registerRecorder();
  let result: Result | undefined;
  recorder.begin(options);
  try {
    withBackend(RECORDER, () => tf.tidy(() => void (result = use(record(recorder, fn, specs, options)))));
    return result!;
  } catch (error) {
    throw explain(error, name);
  } finally {
    recorder.begin();
  }
}

function expectDistinctNames(specs: readonly TensorSpec[], { weights = {} }: CompileOptions, program: string): void {
  const names = [...specs.map((spec) => spec.name), ...Object.keys(weights)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw configurationError(`${program}: two inputs are named "${twice}"; give each its own name`);
}

function record(recorder: Recorder, fn: ProgramFunction, specs: readonly TensorSpec[], options: TraceOptions): Recording {
  const sites: NoiseSite[] = [];
  const inputs: Tensors = {};
  for (const spec of specs) inputs[spec.name] = asTensor(recorder.input(spec.name, spec.shape, spec.dtype));
  for (const [weight, { data, shape }] of Object.entries(options.weights ?? {})) inputs[weight] = asTensor(recorder.literal(data, shape, 'float32', true));
  const results = fn(inputs, recordedNoise(recorder, sites, nameOf(options)));
  const taken = new Set(specs.map((spec) => spec.name));
  const outputs = Object.entries(results).map(([output, tensor]) => outputOf(output, tensor, taken));
  const sources = outputs.map(({ name, modelName, shape, dtype }) => ({ name: modelName, shape, dtype, source: recorder.name(results[name]!) }));
  return { recorder, sites, outputs, sources };
}

const outputOf = (name: string, { shape, dtype }: Tensor, taken: Set<string>): OutputSpec => {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw deviceError(`output "${name}" is ${dtype}; expected float32, int32 or bool`);
  return { name, shape, dtype, modelName: taken.has(name) ? `${name}/out` : name };
};

const siteInputs = ({ rowInput, columnInput, rows, columns }: NoiseSite): GraphValue[] => [
  { name: rowInput, shape: [rows, 1], dtype: 'int32' },
  { name: columnInput, shape: [1, columns], dtype: 'int32' },
];

/** Each site has inputs of its own, so that noise never depends on the order in which sites are traced. */
const recordedNoise = (recorder: Recorder, sites: NoiseSite[], program: string): Noise => ({
  keep(site, shape, dropProbability) {
    if (sites.some((known) => known.site === site)) throw configurationError(`${program}: the noise site "${site}" is used twice; two places with one name would draw the same mask`);
    const extent = noiseExtent(shape);
    const entry: NoiseSite = { site, ...extent, rowInput: `noise/${site}/row`, columnInput: `noise/${site}/column` };
    sites.push(entry);
    const product = recorder.node('Mul', [entry.rowInput, entry.columnInput]);
    const kept = recorder.node('Greater', [product, recorder.scalar(keepThreshold(dropProbability), 'int32')]);
    return asTensor(recorder.emit('Reshape', [kept, recorder.integers(shape)], { shape, dtype: 'bool' }));
  },
});

/** Runs `fn` with another tfjs backend current; backends are set synchronously once they exist. */
export function withBackend<Result>(backend: string, fn: () => Result): Result {
  const before = tf.getBackend() as string | undefined;
  void tf.setBackend(backend);
  try {
    return fn();
  } finally {
    void tf.setBackend(before || 'cpu');
  }
}

/** tfjs says which kernel is missing, but not where. */
function explain(error: unknown, program: string): unknown {
  const kernel = error instanceof Error && /Kernel '(\w+)' not registered for backend/.exec(error.message)?.[1];
  if (!kernel) return error;
  return deviceError(`${program}: the tfjs kernel ${kernel} has no ONNX spelling; compose it of supported ones, or add it to src/engine/kernels`, error);
}
