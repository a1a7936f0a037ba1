/** The matrix products of a pre-training step: the text layers that train, the code encoder, fusion and both code predictions. */
import type { PretrainConfig } from '../../pretrain/config.js';
import type { BatchPlan } from '../dataset/index.js';
import type { ModelConfig } from '../encoders/config.js';
import type { ModelSpec } from '../encoders/visit.js';
import { layerProducts } from './bert-products.js';
import { attentionProducts, linearProducts, merged, repeated, type Product } from './products.js';

export interface KindShape {
  /** Codes in the vocabulary. */
  leaves: number;
  /** Nodes of the hierarchy, codes included. */
  nodes: number;
  /** In a visit, [CLS] included. */
  positions: number;
}

export interface VisitShape {
  batch: number;
  /** Chunks of a note, and tokens of a chunk. */
  chunks: number;
  tokens: number;
  /** Text layers that train; those below are frozen. */
  trainedLayers: number;
  /** Whether layers below them are frozen, or the embeddings at least. */
  frozen: boolean;
  kinds: Record<string, KindShape>;
  model: ModelConfig;
  pretrain: PretrainConfig;
}

export function visitShape({ config: model, ontologies }: ModelSpec, pretrain: PretrainConfig, { rows, text, codeWidths }: BatchPlan): VisitShape {
  const positionsOf = codeWidths as Record<string, number>;
  return {
    batch: rows.length,
    chunks: text.chunks,
    tokens: text.width,
    trainedLayers: model.text.layers - (pretrain.freeze ?? 0),
    frozen: pretrain.freeze !== null,
    kinds: Object.fromEntries(Object.entries(ontologies).map(([kind, { leaves, nodes }]) => [kind, { leaves, nodes, positions: positionsOf[kind]! }])),
    model,
    pretrain,
  };
}

/** Those of the objective `reading` are not counted. */
export function visitStepProducts(shape: VisitShape): Product[] {
  return merged([...textProducts(shape), ...Object.values(shape.kinds).flatMap((kind) => [...codeProducts(shape, kind), ...fusionProducts(shape, kind)]), ...predictionProducts(shape)]);
}

/** Absent where no loss reads the text: gradients are then computed of nothing in it, and its forward pass is left out. */
function textProducts({ batch, chunks, tokens, trainedLayers, frozen, model: { text, fusion }, pretrain }: VisitShape): Product[] {
  if (!pretrain.text_to_code && fusion !== 'cross-attention') return [];
  const { width } = text;
  return [
    ...layerProducts({ ...text, batch: batch * chunks, tokens, layers: trainedLayers }, 'training', { given: frozen }),
    ...(pretrain.text_to_code ? linearProducts({ rows: batch, inputs: width, outputs: width }, 'training') : []),
  ];
}

/** Code embeddings, then the Transformer over the visit's codes. */
function codeProducts({ batch, model: { codes } }: VisitShape, kind: KindShape): Product[] {
  return [...(codes.embedding === 'ontology' ? ontologyProducts(codes, kind) : []), ...layerProducts({ ...codes, batch, tokens: kind.positions }, 'training')];
}

/** The maps of both passes over the hierarchy, as `embedOntology` spells them; its sums over edges are small, and not counted. */
function ontologyProducts({ width, ontology_heads: heads }: ModelConfig['codes'], { leaves, nodes }: KindShape): Product[] {
  const inner = nodes - leaves;
  const headWidth = width / heads;
  return [
    ...linearProducts({ rows: 2, inputs: headWidth, outputs: width, maps: heads }, 'training'),
    ...linearProducts({ rows: nodes, inputs: width, outputs: 2 * heads, count: 2 }, 'training'),
    ...linearProducts({ rows: inner, inputs: width, outputs: headWidth, maps: heads }, 'training'),
    ...[inner, width, leaves].flatMap((rows) => linearProducts({ rows, inputs: width, outputs: width }, 'training')),
  ];
}

/** One query a visit in both directions, with one head: text over codes, codes over text. */
function fusionProducts({ batch, chunks, tokens, model: { text, codes, fusion } }: VisitShape, { positions }: KindShape): Product[] {
  if (fusion !== 'cross-attention') return [];
  const lookUp = (own: number, other: number, keys: number): Product[] => [
    ...linearProducts({ rows: batch, inputs: own, outputs: own }, 'training'),
    ...linearProducts({ rows: batch * keys, inputs: other, outputs: own, count: 2 }, 'training'),
    ...attentionProducts({ batch, heads: 1, queries: 1, keys, headWidth: own }, 'training'),
  ];
  return [...lookUp(text.width, codes.width, positions), ...lookUp(codes.width, text.width, chunks * tokens)];
}

/** From each modality a perceptron to each kind, and its inner product with the embeddings of the kind's codes. */
function predictionProducts({ batch, kinds, model: { text, codes }, pretrain }: VisitShape): Product[] {
  const prediction = (inputs: number, { leaves }: KindShape): Product[] => [
    ...linearProducts({ rows: batch, inputs, outputs: pretrain.head_width }, 'training'),
    ...linearProducts({ rows: batch, inputs: pretrain.head_width, outputs: codes.width }, 'training'),
    ...linearProducts({ rows: batch, inputs: codes.width, outputs: leaves }, 'training'),
  ];
  const sources = Object.keys(kinds).length;
  return Object.values(kinds).flatMap((kind) => [
    ...(pretrain.text_to_code ? prediction(text.width, kind) : []),
    ...(pretrain.code_to_code ? repeated(prediction(codes.width, kind), sources) : []),
  ]);
}
