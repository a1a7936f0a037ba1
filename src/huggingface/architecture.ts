/** `config.json` of the BERT and RoBERTa families → what the forward pass needs; whatever else would change it is refused. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkpointError } from '../core/errors.js';

export interface EncoderArchitecture {
  family: 'bert' | 'roberta';
  width: number;
  layers: number;
  heads: number;
  feed_forward: number;
  activation: 'gelu' | 'gelu_tanh' | 'relu' | 'silu';
  norm_epsilon: number;
  /** Rows of the position table, the first `position_offset` of which no token uses. */
  positions: number;
  /** Row of a text's first token: 0; RoBERTa: one more than the id of padding. */
  position_offset: number;
  token_types: number;
  vocabulary_size: number;
}

const FAMILIES: Record<string, EncoderArchitecture['family']> = { bert: 'bert', roberta: 'roberta', camembert: 'roberta', 'xlm-roberta': 'roberta' };

/** By the names of Python's transformers; those of one line compute the same function. */
const ACTIVATIONS: Record<EncoderArchitecture['activation'], readonly string[]> = {
  gelu: ['gelu', 'gelu_python'],
  gelu_tanh: ['gelu_pytorch_tanh', 'gelu_new', 'gelu_fast', 'gelu_accurate', 'gelu_python_tanh'],
  relu: ['relu'],
  silu: ['silu', 'swish'],
};

const size = z.int().positive();

/** Absent fields have the values of Python's BertConfig and RobertaConfig, which differ in the vocabulary and the id of padding. */
const commonFields = {
  hidden_size: size.default(768),
  num_hidden_layers: z.int().nonnegative().default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: z.string().default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
  max_position_embeddings: size.default(512),
  type_vocab_size: size.default(2),
};

const schemas = {
  bert: z.object({ ...commonFields, vocab_size: size.default(30_522), pad_token_id: z.int().nullish() }),
  roberta: z.object({ ...commonFields, vocab_size: size.default(50_265), pad_token_id: z.int().nonnegative().default(1) }),
};

/** Settings with which Python computes something else than a plain encoder: each with the values that are harmless, and what it would mean. */
const REFUSED: readonly { key: string; harmless: readonly unknown[]; meaning: string }[] = [
  { key: 'position_embedding_type', harmless: ['absolute', undefined, null], meaning: 'positions other than absolute ones' },
  { key: 'is_decoder', harmless: [false, undefined, null], meaning: 'a decoder' },
  { key: 'is_encoder_decoder', harmless: [false, undefined, null], meaning: 'an encoder-decoder pair' },
  { key: 'add_cross_attention', harmless: [false, undefined, null], meaning: 'cross-attention' },
  { key: 'quantization_config', harmless: [undefined, null], meaning: 'quantized weights' },
  { key: 'auto_map', harmless: [undefined, null], meaning: "a model with Python code of its own" },
];

/** The BERT-like ones with a field of that name are ALBERT and ELECTRA, which project their embeddings. */
const isFactorised = (raw: Record<string, unknown>): boolean => typeof raw['embedding_size'] === 'number' && raw['embedding_size'] !== raw['hidden_size'];

/**
 * Reads the shape of an encoder.
 * @param dir a folder in Hugging Face format
 * @throws checkpoint error when it is missing, of another kind than medweave computes, or contradicts itself
 */
export function readArchitecture(dir: string): EncoderArchitecture {
  const file = path.join(dir, 'config.json');
  const raw = readJson(file, dir);
  const family = familyOf(raw, file);
  assertPlainEncoder(raw, file);
  const parsed = schemas[family].safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw checkpointError(`${file}: ${issue.path.join('.')}: ${issue.message}`);
  }
  const config = parsed.data;
  const position_offset = family === 'roberta' ? config.pad_token_id! + 1 : 0;
  if (config.hidden_size % config.num_attention_heads) throw checkpointError(`${file}: num_attention_heads (${config.num_attention_heads}) must divide hidden_size (${config.hidden_size})`);
  if (config.max_position_embeddings <= position_offset) throw checkpointError(`${file}: max_position_embeddings (${config.max_position_embeddings}) leaves no position after pad_token_id (${config.pad_token_id})`);
  return {
    family,
    width: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    feed_forward: config.intermediate_size,
    activation: activationOf(config.hidden_act, file),
    norm_epsilon: config.layer_norm_eps,
    positions: config.max_position_embeddings,
    position_offset,
    token_types: config.type_vocab_size,
    vocabulary_size: config.vocab_size,
  };
}

function readJson(file: string, dir: string): Record<string, unknown> {
  if (!fs.existsSync(file)) throw checkpointError(`${dir}: has no config.json; expected a folder in Hugging Face format (config.json, model.safetensors, tokenizer.json)`);
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
    return value as Record<string, unknown>;
  } catch (cause) {
    throw checkpointError(`${file}: cannot be read as JSON; was it downloaded completely?`, cause);
  }
}

/** Google's own BERT configurations, and those of early checkpoints, do not name their type. */
function familyOf(raw: Record<string, unknown>, file: string): EncoderArchitecture['family'] {
  const [architecture] = Array.isArray(raw['architectures']) ? (raw['architectures'] as unknown[]) : [];
  const named = raw['model_type'] ?? (typeof architecture === 'string' ? /^(Bert|Roberta|Camembert|XLMRoberta)(?=For|Model)/.exec(architecture)?.[1] ?? architecture : 'bert');
  const type = String(named).replace(/^XLMRoberta$/, 'xlm-roberta').toLowerCase();
  const family = FAMILIES[type];
  if (!family || !Object.hasOwn(FAMILIES, type)) throw checkpointError(`${file}: model type ${String(named)} is not supported; medweave loads encoders of type ${Object.keys(FAMILIES).join(', ')}`);
  return family;
}

function assertPlainEncoder(raw: Record<string, unknown>, file: string): void {
  for (const { key, harmless, meaning } of REFUSED) {
    if (!harmless.includes(raw[key])) throw checkpointError(`${file}: ${key} = ${JSON.stringify(raw[key])} means ${meaning}, which medweave does not compute; use a plain BERT or RoBERTa encoder`);
  }
  const { pruned_heads } = raw;
  if (pruned_heads && Object.keys(pruned_heads).length) throw checkpointError(`${file}: pruned_heads is not empty; medweave computes encoders with all their heads`);
  if (isFactorised(raw)) throw checkpointError(`${file}: embedding_size (${String(raw['embedding_size'])}) differs from hidden_size (${String(raw['hidden_size'])}), as in ALBERT and ELECTRA; use a plain BERT or RoBERTa encoder`);
}

function activationOf(name: string, file: string): EncoderArchitecture['activation'] {
  const found = Object.entries(ACTIVATIONS).find(([, names]) => names.includes(name));
  if (!found) throw checkpointError(`${file}: hidden_act ${name} is not supported; medweave computes ${Object.values(ACTIVATIONS).flat().join(', ')}`);
  return found[0] as EncoderArchitecture['activation'];
}

/** The name Python's transformers knows an activation by. */
export const activationName = (activation: EncoderArchitecture['activation']): string => ACTIVATIONS[activation][0]!;
