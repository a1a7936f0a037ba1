/** The whole encoder: a visit's text and codes → a vector for each modality, after they have looked at each other. */
import type { Rng } from '../core/rng.js';
import { tf, type Tensor, type Tensors } from '../engine/index.js';
import type { Dropout } from '../nn/dropout.js';
import { zeroAbsent } from '../nn/mask.js';
import type { ParameterInit } from '../nn/parameters.js';
import { codeTable, encodeCodes, initCodeEncoder, type CodeEncoder } from './codes.js';
import { initCodeReader, type CodeReader } from './code-reader.js';
import type { ModelConfig } from './config.js';
import { crossAttend, initFusion, type Fusion, type Modality } from './fusion.js';
import type { OntologyPlan } from './ontology-embedding.js';
import { encodeText } from './text/encode.js';
import { initTextEncoder, type TextEncoder } from './text/text-encoder.js';

export type VisitEncoder<Leaf = Tensor> = {
  /** Named so that Python's transformers finds the text encoder in a checkpoint. */
  bert: TextEncoder<Leaf>;
  codes: CodeEncoder<Leaf>;
  reader: CodeReader<Leaf>;
  fusion?: Fusion<Leaf>;
};

/** What a model is built for: its configuration and the vocabularies' sizes and hierarchies. */
export interface ModelSpec {
  config: ModelConfig;
  /** Of the data's tokenizer. */
  tokens: number;
  /** Kind of codes (dx, rx, px) → hierarchy over its vocabulary. */
  ontologies: Record<string, OntologyPlan>;
}

export function initVisitEncoder(rng: Rng, { config, tokens, ontologies }: ModelSpec): VisitEncoder<ParameterInit> {
  const sizes = Object.fromEntries(Object.entries(ontologies).map(([kind, { leaves }]) => [kind, leaves]));
  return {
    bert: initTextEncoder(rng.split('bert'), config.text, config.text.vocabulary_size ?? tokens),
    codes: initCodeEncoder(rng.split('codes'), config.codes, ontologies),
    reader: initCodeReader(rng.split('reader'), config, sizes),
    ...(config.fusion === 'cross-attention' ? { fusion: initFusion(rng.split('fusion'), config, Object.keys(ontologies)) } : {}),
  };
}

export interface EncodedVisit {
  /** Absent when text is no input. */
  text?: Modality;
  /** Chunks of the text, end to end in its tokens. */
  chunks: number;
  /** The kinds that are inputs. */
  codes: Record<string, Modality>;
  /** Modality → its visit vector before fusion [B, D]: it holds nothing of the others. */
  alone: Record<string, Tensor>;
  /** Kind → embeddings of its whole vocabulary [V, C]: of the kinds that are inputs, and of those asked for. */
  tables: Record<string, Tensor>;
}

/** Dropout of the two encoders. */
export interface EncoderDropout {
  text: Dropout;
  codes: Dropout;
}

export interface EncodeOptions {
  /** What is read: `text` and kinds of codes. */
  inputs: readonly string[];
  /** Kinds whose embeddings are wanted though they are not read, such as the labels'. */
  tables?: readonly string[];
  /** Ids beyond a kind's vocabulary are codes of the other kinds that are read. */
  otherKinds?: boolean;
  dropout: EncoderDropout;
}

/**
 * Reads, where text is an input, `text.ids` [B, C, W] (or, when its first layers are frozen, `text.hidden` [B, C, W, D]), `text.mask` [B, C, W] and `text.present` [B]; for
 * each kind among the inputs `KIND.ids`, `KIND.mask` [B, S], `KIND.present` [B]. Visit vectors of absent modalities are 0, before and after fusion.
 */
export function encodeVisit(p: VisitEncoder, inputs: Tensors, spec: ModelSpec, { inputs: read, tables: wanted = [], otherKinds = false, dropout }: EncodeOptions): EncodedVisit {
  const inputKinds = read.filter((input) => input in spec.ontologies);
  const kinds = [...new Set([...inputKinds, ...wanted])];
  const tables = Object.fromEntries(kinds.map((kind) => [kind, codeTable(p.codes.embeddings[kind]!, spec.ontologies[kind]!, spec.config.codes)]));
  const rowsOf = (kind: string): Tensor => (otherKinds ? tf.concat([kind, ...inputKinds.filter((other) => other !== kind)].map((name) => tables[name]!), 0) : tables[kind]!);
  const text = read.includes('text') ? textModality(p, inputs, spec, dropout.text) : undefined;
  const codes = Object.fromEntries(inputKinds.map((kind) => [kind, codesModality(p, inputs, spec, { kind, table_VC: rowsOf(kind), dropout: dropout.codes })]));
  const chunks = inputs['text.mask']?.shape[1] ?? 0;
  const alone = Object.fromEntries(Object.entries({ ...(text ? { text } : {}), ...codes }).map(([name, { visit }]) => [name, visit]));
  if (!p.fusion || !text) return { text, chunks, codes, alone, tables };
  const fused = crossAttend(p.fusion, text, codes, spec.config.fusion_padding);
  return {
    text: { ...text, visit: zeroAbsent(fused.text, text.present) },
    chunks,
    codes: Object.fromEntries(inputKinds.map((kind) => [kind, { ...codes[kind]!, visit: zeroAbsent(fused.codes[kind]!, codes[kind]!.present) }])),
    alone,
    tables,
  };
}

/** Whether what is read, and the embeddings asked for, leave a parameter of the encoder out of account. @param path as in a checkpoint */
export function isUnread(path: string, { inputs, tables = [] }: Omit<EncodeOptions, 'dropout'>): boolean {
  const [part, ...rest] = path.split('.');
  const reads = (modality: string | undefined): boolean => inputs.includes(modality ?? '');
  if (part === 'bert') return !reads('text');
  if (part === 'fusion') return !reads('text') || !reads(rest[1]);
  if (part === 'codes' && rest[0] === 'embeddings') return !reads(rest[1]) && !(tables.includes(rest[1] ?? '') && ['ontology', 'table'].includes(rest[2] ?? ''));
  if (part === 'codes') return inputs.every((input) => input === 'text');
  if (part !== 'reader') return false;
  if (rest[0] === 'from_codes') return !reads(rest[1]);
  if (rest[0] === 'own') return !tables.includes(rest[1] ?? '');
  return rest[0] !== 'key' && !tables.length;
}

function textModality(p: VisitEncoder, inputs: Tensors, { config }: ModelSpec, dropout: Dropout): Modality {
  const [mask, present] = [inputs['text.mask']!, inputs['text.present']!];
  const { tokens_BTD, visit_BD } = encodeText(p.bert, { ids: inputs['text.ids'], hidden: inputs['text.hidden'], mask }, config.text, dropout);
  return { tokens: tokens_BTD, mask: tf.reshape(mask, tokens_BTD.shape.slice(0, 2)), visit: zeroAbsent(visit_BD, present), present };
}

interface CodesModalityOptions {
  kind: string;
  table_VC: Tensor;
  dropout: Dropout;
}

function codesModality(p: VisitEncoder, inputs: Tensors, { config }: ModelSpec, { kind, table_VC, dropout }: CodesModalityOptions): Modality {
  const [ids, mask, present] = ['ids', 'mask', 'present'].map((field) => inputs[`${kind}.${field}`]!) as [Tensor, Tensor, Tensor];
  const { tokens_BSC, visit_BC } = encodeCodes(p.codes, { kind, table_VC, ids_BS: ids, mask_BS: mask }, config.codes, dropout);
  return { tokens: tokens_BSC, mask, visit: zeroAbsent(visit_BC, present), present };
}
