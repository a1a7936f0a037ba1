/** What to do about checkpoints without safetensors: the one command that converts them, in the words of an error. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointError, type MedweaveError } from '../core/errors.js';

/** PyTorch's own format, in one file or in shards. */
const isPickled = (name: string): boolean => /^pytorch_model.*\.bin$/.test(name);

export const hasPickledWeights = (dir: string): boolean => fs.readdirSync(dir).some(isPickled);

/** Formats that medweave cannot convert a way out of, with what they are. */
const FOREIGN: readonly { name: string; format: string }[] = [
  { name: 'tf_model.h5', format: 'TensorFlow' },
  { name: 'model.ckpt.index', format: 'TensorFlow' },
  { name: 'flax_model.msgpack', format: 'Flax' },
  { name: 'model.onnx', format: 'ONNX' },
  { name: 'onnx', format: 'ONNX' },
];

/** Python takes forward slashes on every system; a single quote would end its string. */
const quoted = (text: string): string => `'${text.split(path.sep).join('/').replaceAll("'", "\\'")}'`;

/**
 * Tensors go over one by one and unchanged: through transformers' AutoModel, a checkpoint without a pooler would come back with
 * random numbers for one.
 */
const convert = (folder: string): string =>
  `[w.update(torch.load(${folder} + '/' + f, map_location='cpu', weights_only=True)) for f in glob.glob('pytorch_model*.bin', root_dir=${folder})]; ` +
  `save_file({k: v.clone().contiguous() for k, v in w.items()}, ${folder} + '/model.safetensors', metadata={'format': 'pt'})`;

const IMPORTS = 'import glob, torch; from safetensors.torch import save_file';

/** The command that writes `model.safetensors` beside a folder's `pytorch_model.bin`, sharded or not. */
export const conversionCommand = (dir: string): string => `python -c "${IMPORTS}; d, w = ${quoted(path.resolve(dir))}, {}; ${convert('d')}"`;

/** The command that downloads a model of the hub into a folder of the same name and converts it there. */
export const downloadAndConvertCommand = (name: string, revision: string): string => {
  const at = revision === 'main' ? '' : `, revision=${quoted(revision)}`;
  const what = "allow_patterns=['*.json', '*.txt', '*.model', 'pytorch_model*.bin']";
  return `python -c "${IMPORTS}; from huggingface_hub import snapshot_download; w = {}; d = snapshot_download(${quoted(name)}, local_dir=${quoted(path.posix.basename(name))}${at}, ${what}); ${convert('d')}"`;
};

/** The error for a folder whose weights are not in safetensors. */
export function withoutSafetensors(dir: string): MedweaveError {
  if (!fs.existsSync(dir)) return checkpointError(`${dir}: no such folder`);
  const present = fs.readdirSync(dir);
  const pickled = present.find(isPickled);
  if (pickled) return checkpointError(`${dir}: has its weights only as ${pickled}; convert them once (pip install torch safetensors) with: ${conversionCommand(dir)}`);
  return checkpointError(`${dir}: has no model.safetensors${foreignAdvice(present)}`);
}

/** The error for a model of the hub without safetensors. @param present the names of the weight files that it has */
export function hubWithoutSafetensors(name: string, revision: string, present: readonly string[]): MedweaveError {
  if (!present.some(isPickled)) return checkpointError(`${name}: has no model.safetensors on the hub${foreignAdvice(present)}`);
  const folder = path.posix.basename(name);
  return checkpointError(`${name}: has its weights on the hub only as pytorch_model.bin; download and convert them once, then give the folder ${folder} (pip install torch safetensors huggingface_hub): ${downloadAndConvertCommand(name, revision)}`);
}

function foreignAdvice(present: readonly string[]): string {
  const foreign = FOREIGN.find(({ name }) => present.includes(name));
  if (!foreign) return '; expected a folder in Hugging Face format (config.json, model.safetensors, tokenizer.json)';
  return `, only ${foreign.format} weights (${foreign.name}); medweave reads safetensors: look for the model's PyTorch weights, which \`save_pretrained\` of Python's transformers writes as safetensors`;
}

/** Weight files in other formats that are worth asking the hub for, to say which there are. */
export const OTHER_WEIGHTS: readonly string[] = ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'tf_model.h5', 'flax_model.msgpack', 'onnx/model.onnx'];
