/** Writes a text encoder as a folder that Python's `AutoModel` and `AutoTokenizer` load. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointError } from '../core/errors.js';
import { writeSafetensors, type StoredTensor } from '../core/safetensors.js';
import { activationName, type EncoderArchitecture } from './architecture.js';
import type { TextEncoder } from './load.js';
import { encoderShapes, poolerShapes } from './tensor-names.js';
import { readSpecialTokens, type SpecialTokens } from './special-tokens.js';
import { WEIGHTS } from './weight-files.js';

export interface TextEncoderToSave extends TextEncoder {
  /** A `tokenizer.json` whose ids are the rows of the word table. */
  tokenizerFile: string;
}

/**
 * Writes config.json, model.safetensors (float32, in the order of BertModel), tokenizer.json and its companions into `dir`, which is made.
 * @param tensors by BertModel's names; `pooler.dense.*` may be absent (Python then starts a new one, with a warning)
 * @throws checkpoint error when a tensor is missing, unknown or of another shape than the architecture's; nothing is written then
 */
export function saveTextEncoder(dir: string, { architecture, tensors, tokenizerFile }: TextEncoderToSave): void {
  const ordered = inOrder(architecture, tensors);
  const special = readSpecialTokens(tokenizerFile);
  if (architecture.position_offset && special.pad_token.id !== architecture.position_offset - 1) {
    throw checkpointError(`${tokenizerFile}: its padding has id ${special.pad_token.id}, the encoder's positions start at ${architecture.position_offset}, as for padding id ${architecture.position_offset - 1}; is it this encoder's tokenizer?`);
  }
  fs.mkdirSync(dir, { recursive: true });
  writeJson(path.join(dir, 'config.json'), configOf(architecture, special));
  writeSafetensors(path.join(dir, WEIGHTS), ordered);
  fs.copyFileSync(tokenizerFile, path.join(dir, 'tokenizer.json'));
  const names = Object.fromEntries(Object.entries(special).map(([role, { content }]) => [role, content]));
  writeJson(path.join(dir, 'special_tokens_map.json'), names);
  // This class takes tokenizer.json as it is; a model's own class would rebuild the steps before WordPiece from its defaults.
  const longest = architecture.positions - architecture.position_offset;
  writeJson(path.join(dir, 'tokenizer_config.json'), { tokenizer_class: 'PreTrainedTokenizerFast', model_max_length: longest, clean_up_tokenization_spaces: false, ...names });
}

const writeJson = (file: string, value: unknown): void => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

function inOrder(architecture: EncoderArchitecture, tensors: Record<string, StoredTensor>): Record<string, StoredTensor> {
  const pooler = poolerShapes(architecture);
  const withPooler = Object.keys(pooler).some((name) => Object.hasOwn(tensors, name));
  const shapes = { ...encoderShapes(architecture), ...(withPooler ? pooler : {}) };
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(shapes, name));
  if (unknown) throw checkpointError(`cannot save ${unknown}: this ${architecture.family} encoder has no such tensor`);
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, checked(name, shape, tensors[name])]));
}

function checked(name: string, shape: readonly number[], tensor: StoredTensor | undefined): StoredTensor {
  if (!tensor) throw checkpointError(`cannot save the text encoder: tensor ${name} [${shape.join(', ')}] is missing`);
  if (tensor.shape.join() !== shape.join()) throw checkpointError(`cannot save ${name}: it is [${tensor.shape.join(', ')}], the architecture calls for [${shape.join(', ')}]`);
  if (!(tensor.data instanceof Float32Array)) throw checkpointError(`cannot save ${name}: weights are float32`);
  return tensor;
}

/** All fields that RobertaConfig and BertConfig have for the forward pass, so that no default of a later version can change it. */
function configOf(architecture: EncoderArchitecture, special: SpecialTokens): Record<string, unknown> {
  const { family } = architecture;
  return {
    architectures: [family === 'bert' ? 'BertModel' : 'RobertaModel'],
    model_type: family,
    vocab_size: architecture.vocabulary_size,
    hidden_size: architecture.width,
    num_hidden_layers: architecture.layers,
    num_attention_heads: architecture.heads,
    intermediate_size: architecture.feed_forward,
    hidden_act: activationName(architecture.activation),
    layer_norm_eps: architecture.norm_epsilon,
    max_position_embeddings: architecture.positions,
    position_embedding_type: 'absolute',
    type_vocab_size: architecture.token_types,
    pad_token_id: special.pad_token.id,
    hidden_dropout_prob: 0.1,
    attention_probs_dropout_prob: 0.1,
    initializer_range: 0.02,
    is_decoder: false,
    add_cross_attention: false,
    dtype: 'float32',
    torch_dtype: 'float32',
  };
}
