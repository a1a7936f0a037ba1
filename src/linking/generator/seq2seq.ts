/** Sequence-to-sequence checkpoints (T5, mT5) in ONNX, loaded by the transformers package from a folder or by name; the package has no beam search, so that ours steps its decoder. */
import fs from 'node:fs';
import path from 'node:path';
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@xenova/transformers';
import { checkpointError, configurationError, MedweaveError } from '../../core/errors.js';
import { openHub } from '../../huggingface/hub.js';
import { beamSearch, type BeamOptions, type Continuation, type Hypothesis, type NextTokens } from './beam-search.js';

export interface Generator {
  /** @returns for each text at most `beams` generated texts, best first */
  generate(texts: readonly string[], options: GenerateOptions): Promise<GeneratedText[][]>;
  dispose(): Promise<void>;
}

export interface GenerateOptions {
  beams: number;
  maxNewTokens: number;
}

export interface GeneratedText extends Hypothesis {
  text: string;
}

const ENCODER = 'encoder_model.onnx';
const DECODER = 'decoder_model_merged.onnx';
const EXPORT = 'write them with `optimum-cli export onnx --model MODEL --task text2text-generation-with-past FOLDER`';

/**
 * @param nameOrFolder a folder as `optimum-cli export onnx --task text2text-generation-with-past` writes it (or with its models in `onnx/`, as on the hub), or a name on the hub
 * @throws configuration error when it is neither; checkpoint error when files are missing or cannot be loaded
 */
export async function openGenerator(nameOrFolder: string): Promise<Generator> {
  const isFolder = fs.statSync(nameOrFolder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder && /^[./~]|\.\./.test(nameOrFolder)) throw configurationError(`--generator ${nameOrFolder}: no such folder; give a folder with ${ENCODER} and ${DECODER}, or a name on the Hugging Face hub`);
  const subfolder = isFolder ? modelFolder(nameOrFolder) : 'onnx';
  const source = isFolder ? path.resolve(nameOrFolder) : nameOrFolder;
  const { offline } = await openHub();
  const { AutoModelForSeq2SeqLM, AutoTokenizer, Tensor } = await import('@xenova/transformers');
  try {
    const options = { local_files_only: isFolder || offline };
    const tokenizer = await AutoTokenizer.from_pretrained(source, options);
    const model = await AutoModelForSeq2SeqLM.from_pretrained(source, { ...options, subfolder, dtype: 'fp32', device: 'cpu' });
    if (!sessionOf(model, 'decoder_model_merged').inputNames.some((input) => input.startsWith('past_key_values'))) throw withoutPast(nameOrFolder);
    return generatorOf({ model, tokenizer, Tensor, name: nameOrFolder });
  } catch (cause) {
    if (cause instanceof MedweaveError) throw cause;
    throw checkpointError(`${nameOrFolder}: cannot be loaded as a sequence-to-sequence checkpoint (${(cause as Error).message.split('\n')[0]}); expected config.json, tokenizer.json, ${ENCODER} and ${DECODER}`, cause);
  }
}

/** '' or 'onnx'. */
function modelFolder(dir: string): string {
  const folder = ['', 'onnx'].find((name) => fs.existsSync(path.join(dir, name, DECODER)) && fs.existsSync(path.join(dir, name, ENCODER)));
  if (folder !== undefined) return folder;
  throw checkpointError(`${dir}: has no ${ENCODER} and ${DECODER}; ${EXPORT}`);
}

const withoutPast = (name: string) => checkpointError(`${name}: its ${DECODER} keeps no past and would read each text anew for every token; ${EXPORT}`);

interface Loaded {
  model: PreTrainedModel;
  tokenizer: PreTrainedTokenizer;
  Tensor: typeof Tensor;
  name: string;
}

function generatorOf(loaded: Loaded): Generator {
  const { model, tokenizer } = loaded;
  return {
    async generate(texts, options) {
      const { input_ids, attention_mask } = tokenizer([...texts], { padding: true, truncation: true }) as EncoderInputs;
      const found = await beamSearch(texts.length, stepping(loaded, { input_ids, attention_mask }), beamOptions(loaded, options));
      return found.map((hypotheses) => hypotheses.map((one) => ({ ...one, text: tokenizer.decode(one.tokens, { skip_special_tokens: true }).trim() })));
    },
    dispose: async () => void (await model.dispose()),
  };
}

interface EncoderInputs {
  input_ids: Tensor;
  attention_mask: Tensor;
}

/** What the checkpoint says of generation; beams and length are the caller's. */
function settingsOf({ model, name }: Loaded): { start: number; ends: number[]; lengthPenalty: number; earlyStopping: BeamOptions['earlyStopping'] } {
  const settings = { ...(model.config as unknown as Record<string, unknown>), ...(model.generation_config as unknown as Record<string, unknown> | null) };
  const start = settings['decoder_start_token_id'];
  if (typeof start !== 'number') throw checkpointError(`${name}: neither generation_config.json nor config.json names a decoder_start_token_id`);
  const ends = [settings['eos_token_id'] ?? []].flat() as number[];
  return { start, ends, lengthPenalty: (settings['length_penalty'] as number | undefined) ?? 1, earlyStopping: (settings['early_stopping'] as boolean | 'never' | undefined) ?? false };
}

function beamOptions(loaded: Loaded, { beams, maxNewTokens }: GenerateOptions): BeamOptions {
  const { ends, lengthPenalty, earlyStopping } = settingsOf(loaded);
  return { beams, maxNewTokens, ends, lengthPenalty, earlyStopping };
}

/** Tensors with a row for each beam. */
type DecoderState = Record<string, Tensor>;

/** Runs the encoder in the first call, and the decoder for the newest token of each row in all. */
function stepping(loaded: Loaded, { input_ids, attention_mask }: EncoderInputs): NextTokens {
  const { model, Tensor } = loaded;
  const { start } = settingsOf(loaded);
  const state: DecoderState = { attention_mask };
  const past: DecoderState = {};
  return async (rows) => {
    if (!state['encoder_outputs']) state['encoder_outputs'] = await encode(loaded, { input_ids, attention_mask });
    for (const held of [state, past]) for (const [name, tensor] of Object.entries(held)) held[name] = selectRows(tensor, rows, Tensor);
    const newest = rows.map(({ tokens }) => BigInt(tokens.at(-1) ?? start));
    const decoder_input_ids = new Tensor('int64', BigInt64Array.from(newest), [rows.length, 1]);
    const outputs = await run(model, { ...state, decoder_input_ids, ...(Object.keys(past).length ? { past_key_values: past } : {}) });
    keepPast(past, outputs);
    return logitsOf(outputs['logits']!);
  };
}

/** The package's own forward function, whose declared types know nothing of these names. */
const run = async (model: PreTrainedModel, inputs: Record<string, unknown>): Promise<Record<string, Tensor>> => (await model.forward(inputs)) as Record<string, Tensor>;

interface Session {
  inputNames: readonly string[];
  run(feeds: Record<string, unknown>): Promise<Record<string, unknown>>;
}

const sessionOf = (model: PreTrainedModel, name: 'model' | 'decoder_model_merged'): Session => (model.sessions as unknown as Record<string, Session>)[name]!;

async function encode({ model, Tensor }: Loaded, inputs: EncoderInputs): Promise<Tensor> {
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, (tensor as unknown as { ort_tensor: unknown }).ort_tensor]));
  return new Tensor((await sessionOf(model, 'model').run(feeds))['last_hidden_state'] as never);
}

/** What attends to the encoder is computed in the first run only; in later ones a merged decoder gives it back empty. */
function keepPast(past: DecoderState, outputs: Record<string, Tensor>): void {
  for (const [name, tensor] of Object.entries(outputs)) {
    if (name.startsWith('present') && tensor.dims.every((size) => size > 0)) past[name.replace('present', 'past_key_values')] = tensor;
  }
}

/** Rows of the first axis, in the order of the continuations. */
function selectRows(tensor: Tensor, rows: readonly Continuation[], TensorClass: typeof Tensor): Tensor {
  const data = tensor.data as Float32Array | BigInt64Array;
  const size = data.length / tensor.dims[0]!;
  const selected = data instanceof BigInt64Array ? new BigInt64Array(rows.length * size) : new Float32Array(rows.length * size);
  rows.forEach(({ parent }, row) => selected.set(data.subarray(parent * size, (parent + 1) * size) as never, row * size));
  return new TensorClass(tensor.type, selected, [rows.length, ...tensor.dims.slice(1)]);
}

/** [rows, 1, vocabulary] → [rows, vocabulary] */
const logitsOf = ({ dims, data }: Tensor): { logits: Float32Array; vocabulary: number } => ({ logits: data as Float32Array, vocabulary: dims[2]! });
