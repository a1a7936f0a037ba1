/** The code encoder: a visit's codes of one kind are a set — [CLS] first, no positions — read by a shared pre-norm Transformer. */
import type { Rng } from '../core/rng.js';
import { gatherRows, tf, type Tensor } from '../engine/index.js';
import type { Dropout } from '../nn/dropout.js';
import { applyLayerNorm, initLayerNorm, type LayerNorm } from '../nn/layer-norm.js';
import { maskedScores } from '../nn/mask.js';
import { normalInit, type ParameterInit } from '../nn/parameters.js';
import { initTransformerLayer, transformerLayer, type TransformerLayer } from '../nn/transformer.js';
import type { CodesConfig } from './config.js';
import { embedOntology, initOntologyEmbedding, ownVectors, type OntologyEmbedding, type OntologyPlan } from './ontology-embedding.js';

/** [PAD], [CLS], [MASK], [UNK]: the first rows of every kind's embedding table. */
export const SPECIAL_CODES = 4;
export const MASK_CODE = 2;

export type CodeEmbedding<Leaf = Tensor> = {
  special: Leaf;
  /** Added to every code of the kind. */
  type: Leaf;
  ontology?: OntologyEmbedding<Leaf>;
  table?: Leaf;
};

export type CodeEncoder<Leaf = Tensor> = {
  embeddings: Record<string, CodeEmbedding<Leaf>>;
  /** Absent without layers. */
  layer?: Record<string, TransformerLayer<Leaf>>;
  norm: LayerNorm<Leaf>;
};

export function initCodeEncoder(rng: Rng, config: CodesConfig, plans: Record<string, OntologyPlan>): CodeEncoder<ParameterInit> {
  const { width, layers, feed_forward } = config;
  return {
    embeddings: Object.fromEntries(Object.entries(plans).map(([kind, plan]) => [kind, initCodeEmbedding(rng.split('embedding', kind), config, plan)])),
    layer: Object.fromEntries(
      Array.from({ length: layers }, (_, i) => [i, initTransformerLayer(rng.split('layer', i), { width, feedForward: feed_forward })]),
    ),
    norm: initLayerNorm(width),
  };
}

function initCodeEmbedding(rng: Rng, config: CodesConfig, plan: OntologyPlan): CodeEmbedding<ParameterInit> {
  const rows = (name: string, count: number) => normalInit(rng.split(name), [count, config.width], { std: 1 / Math.sqrt(config.width), decay: false });
  const shared = { special: rows('special', SPECIAL_CODES), type: rows('type', 1) };
  return config.embedding === 'table'
    ? { ...shared, table: rows('table', plan.leaves) }
    : { ...shared, ontology: initOntologyEmbedding(rng.split('ontology'), config, plan.nodes) };
}

/** Embeddings of a kind's codes, without the special rows [V, C]. Codes that no training visit carries have no vector of their own. */
export function codeTable({ ontology, table }: CodeEmbedding, plan: OntologyPlan, { ontology_residual }: CodesConfig): Tensor {
  if (!ontology) return ownVectors(table!, plan);
  const attended_VC = embedOntology(ontology, plan);
  return ontology_residual ? tf.add(attended_VC, ownVectors(tf.slice(ontology.nodes, [0, 0], attended_VC.shape as [number, number]), plan)) : attended_VC;
}

export interface EncodedCodes {
  /** [B, S, C] */
  tokens_BSC: Tensor;
  /** The output at [CLS] [B, C]. */
  visit_BC: Tensor;
}

export interface CodesInput {
  kind: string;
  /** From {@link codeTable}; other kinds' may follow. */
  table_VC: Tensor;
  /** int32; 0 … 3 special, then 4 + row of the table. */
  ids_BS: Tensor;
  mask_BS: Tensor;
}

export function encodeCodes(p: CodeEncoder, { kind, table_VC, ids_BS, mask_BS }: CodesInput, config: CodesConfig, dropout: Dropout): EncodedCodes {
  const { special, type } = p.embeddings[kind]!;
  const embedded_BSC = tf.add(gatherRows(tf.concat([special, table_VC], 0), ids_BS), type);
  const bias_B11S = maskedScores(config.mask_cls ? withoutFirst(mask_BS) : mask_BS);
  let x_BSD = dropout(embedded_BSC, `codes.${kind}.embeddings`);
  for (const [i, layer] of Object.entries(p.layer ?? {})) {
    x_BSD = transformerLayer(layer, { x_BSD, bias_B11S, heads: config.heads, dropout, site: `codes.${kind}.${i}` });
  }
  const tokens_BSC = applyLayerNorm(p.norm, x_BSD, 1e-6);
  return { tokens_BSC, visit_BC: firstToken(tokens_BSC) };
}

/** A mask that also leaves out position 0. A visit without codes then has no key at all, and attends evenly to everything. */
function withoutFirst(mask_BS: Tensor): Tensor {
  const [batch, width] = mask_BS.shape as [number, number];
  // Spelt without a host array: an exported model reads any number of codes.
  const first_B1 = tf.zeros([batch, 1], 'bool');
  return width === 1 ? first_B1 : tf.concat([first_B1, tf.slice(mask_BS, [0, 1], [batch, width - 1])], 1);
}

/** x_BSC → x_BC at position 0 */
function firstToken(x_BSC: Tensor): Tensor {
  const [batch, , width] = x_BSC.shape as [number, number, number];
  return tf.reshape(tf.slice(x_BSC, [0, 0, 0], [batch, 1, width]), [batch, width]);
}
