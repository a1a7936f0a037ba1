/** Loads the text encoder of a Hugging Face checkpoint, whatever heads and name prefixes it was saved with. */
import { checkpointError } from '../core/errors.js';
import type { SafetensorsFile, StoredTensor } from '../core/safetensors.js';
import { readArchitecture, type EncoderArchitecture } from './architecture.js';
import { encoderShapes, isIndexBuffer, isOfEncoder, modernName, poolerShapes, prefixesIn } from './tensor-names.js';
import { openWeights } from './weight-files.js';

/** A text encoder whose names and shapes have been checked; its weights are still on disk. */
export interface TextEncoderFile {
  architecture: EncoderArchitecture;
  /** BertModel's names without a prefix (`encoder.layer.0.attention.self.query.weight`); `pooler.dense.*` only where the checkpoint has it. */
  names: readonly string[];
  /** @returns shape and stored type of a tensor among `names` */
  describe(name: string): { shape: readonly number[]; dtype: string } | undefined;
  /** @returns one tensor as float32. @throws checkpoint error for a name that is not among `names` */
  read(name: string): StoredTensor;
}

export interface TextEncoder {
  architecture: EncoderArchitecture;
  /** float32 by BertModel's names, see {@link TextEncoderFile}. */
  tensors: Record<string, StoredTensor>;
}

const FLOATS = ['F32', 'F16', 'BF16', 'F64'];
/** Names shown of those that are missing. */
const SHOWN = 3;

/**
 * Opens the BERT or RoBERTa encoder in a folder in Hugging Face format (`config.json`, `model.safetensors` or shards). Heads are left out.
 * @throws checkpoint error when the architecture is not supported, weights are missing, of another shape than config.json says, or
 * when there are weights in the encoder that medweave would not compute with
 */
export function openTextEncoder(dir: string): TextEncoderFile {
  const architecture = readArchitecture(dir);
  const weights = openWeights(dir);
  const stored = namesOfEncoder(weights);
  const needed = encoderShapes(architecture);
  const pooler = poolerShapes(architecture);
  const hasPooler = Object.keys(pooler).some((name) => stored.has(name));
  const shapes = hasPooler ? { ...needed, ...pooler } : needed;
  assertComplete(weights, stored, Object.keys(shapes));
  for (const [name, shape] of Object.entries(shapes)) assertShape(weights, stored.get(name)!, shape);
  assertNothingElse(weights, [...stored.keys()], needed);
  const nameInFile = (name: string): string | undefined => (Object.hasOwn(shapes, name) ? stored.get(name) : undefined);
  return {
    architecture,
    names: Object.keys(shapes),
    describe(name) {
      const inFile = nameInFile(name);
      return inFile === undefined ? undefined : weights.describe(inFile);
    },
    read(name) {
      const inFile = nameInFile(name);
      if (inFile === undefined) throw checkpointError(`${weights.file}: the text encoder has no tensor ${name}`);
      return weights.read(inFile);
    },
  };
}

/** Reads the whole encoder, one tensor after the other. @throws as {@link openTextEncoder} */
export function loadTextEncoder(dir: string): TextEncoder {
  const { architecture, names, read } = openTextEncoder(dir);
  return { architecture, tensors: Object.fromEntries(names.map((name) => [name, read(name)])) };
}

/** Our name → the file's. */
function namesOfEncoder({ file, names }: SafetensorsFile): Map<string, string> {
  const prefixes = prefixesIn(names);
  if (!prefixes.length) throw checkpointError(`${file}: has no tensor embeddings.word_embeddings.weight, under any prefix; is it a BERT or RoBERTa encoder?`);
  if (prefixes.length > 1) throw checkpointError(`${file}: holds ${prefixes.length} encoders (${prefixes.map((prefix) => `${prefix}*`).join(', ')}), expected one; save the one you want by itself`);
  const [prefix] = prefixes as [string];
  return new Map(names.filter((name) => name.startsWith(prefix)).map((name) => [modernName(name.slice(prefix.length)), name]));
}

function assertComplete({ file }: SafetensorsFile, stored: ReadonlyMap<string, string>, needed: readonly string[]): void {
  const missing = needed.filter((name) => !stored.has(name));
  if (!missing.length) return;
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  throw checkpointError(`${file}: lacks ${missing.slice(0, SHOWN).join(', ')}${more}, which config.json calls for; is the file of the same model as config.json?`);
}

function assertShape({ file, describe }: SafetensorsFile, name: string, expected: readonly number[]): void {
  const { shape, dtype } = describe(name)!;
  if (shape.join() !== expected.join()) throw checkpointError(`${file}: tensor ${name} is [${shape.join(', ')}], config.json calls for [${expected.join(', ')}]; is the file of the same model?`);
  if (!FLOATS.includes(dtype)) throw checkpointError(`${file}: tensor ${name} is ${dtype}; medweave reads weights in ${FLOATS.join(', ')}`);
}

/** Adapters, relative positions and the like sit among the encoder's own names; without them the outputs would be wrong in silence. */
function assertNothingElse({ file }: SafetensorsFile, names: readonly string[], needed: object): void {
  const extra = names.filter((name) => isOfEncoder(name) && !isIndexBuffer(name) && !Object.hasOwn(needed, name));
  if (extra.length) throw checkpointError(`${file}: ${extra[0]}${extra.length > 1 ? ` and ${extra.length - 1} more tensors` : ''} belong to the encoder, but not to the one that config.json describes; use a checkpoint without adapters or layers of its own`);
}
