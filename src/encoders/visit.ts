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
import { initBert, type Bert } from './text/bert.js';
import { encodeText } from './text/encode.js';

export type VisitEncoder<Leaf = Tensor> = {
  /** Named so that Python's transformers finds the text encoder in a checkpoint. */
  bert: Bert<Leaf>;
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
    bert: initBert(rng.split('bert'), config.text, config.text.vocabulary_size ?? tokens),
    codes: initCodeEncoder(rng.split('codes'), config.codes, ontologies),
    reader: initCodeReader(rng.split('reader'), config, sizes),
    ...(config.fusion === 'cross-attention' ? { fusion: initFusion(rng.split('fusion'), config, Object.keys(ontologies)) } : {}),
  };
}

export interface EncodedVisit {
  text: Modality;
  /** Chunks of the text, end to end in its tokens. */
  chunks: number;
  /** The kinds that are inputs. */
  codes: Record<string, Modality>;
  /** Kind → embeddings of its whole vocabulary [V, C], of every kind, input or not. */
  tables: Record<string, Tensor>;
}

/** Dropout of the two encoders. */
export interface EncoderDropout {
  text: Dropout;
  codes: Dropout;
}

export interface EncodeOptions {
  /** Kinds of codes that are inputs. */
  inputKinds: readonly string[];
  dropout: EncoderDropout;
}

/**
 * Reads `text.ids` [B, C, W] (or, when its first layers are frozen, `text.hidden` [B, C, W, D]), `text.mask` [B, C, W], `text.present` [B] and, for
 * each kind of `inputKinds`, `KIND.ids`, `KIND.mask` [B, S], `KIND.present` [B]. Visit vectors of absent modalities are 0, before and after fusion.
 */
export function encodeVisit(p: VisitEncoder, inputs: Tensors, spec: ModelSpec, { inputKinds, dropout }: EncodeOptions): EncodedVisit {
  const tables = Object.fromEntries(Object.entries(spec.ontologies).map(([kind, plan]) => [kind, codeTable(p.codes.embeddings[kind]!, plan)]));
  const text = textModality(p, inputs, spec, dropout.text);
  const codes = Object.fromEntries(inputKinds.map((kind) => [kind, codesModality(p, inputs, spec, { kind, table_VC: tables[kind]!, dropout: dropout.codes })]));
  const chunks = inputs['text.mask']!.shape[1]!;
  if (!p.fusion) return { text, chunks, codes, tables };
  const fused = crossAttend(p.fusion, text, codes);
  return {
    text: { ...text, visit: zeroAbsent(fused.text, text.present) },
    chunks,
    codes: Object.fromEntries(inputKinds.map((kind) => [kind, { ...codes[kind]!, visit: zeroAbsent(fused.codes[kind]!, codes[kind]!.present) }])),
    tables,
  };
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
