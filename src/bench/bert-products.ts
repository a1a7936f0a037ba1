/** The matrix products of BERT: its layers alone, and a training step of all of it with a linear head. */
import { attentionProducts, linearProducts, merged, repeated, type Pass, type Product } from './products.js';

export interface LayersShape {
  /** Sequences that attend to themselves only, and tokens in each. */
  batch: number;
  tokens: number;
  width: number;
  heads: number;
  feed_forward: number;
  layers: number;
}

/**
 * Layers that read the output of others.
 * @param given the first layer's input comes from outside (the frozen layers): training needs no gradient of it
 */
export function layerProducts({ batch, tokens, width, heads, feed_forward, layers }: LayersShape, pass: Pass, { given = false } = {}): Product[] {
  if (!layers) return [];
  const rows = batch * tokens;
  const projections = (count: number, inputGradient: boolean) => linearProducts({ rows, inputs: width, outputs: width, count, inputGradient }, pass);
  const oneLayer = [
    ...projections(1, true),
    ...linearProducts({ rows, inputs: width, outputs: feed_forward }, pass),
    ...linearProducts({ rows, inputs: feed_forward, outputs: width }, pass),
    ...attentionProducts({ batch, heads, queries: tokens, keys: tokens, headWidth: width / heads }, pass),
  ];
  return merged([...repeated(oneLayer, layers), ...projections(3 * (layers - 1), true), ...projections(3, !given)]);
}

export interface StepShape extends LayersShape {
  labels: number;
}

/** A training step from word ids to labels. */
export const bertStepProducts = (shape: StepShape): Product[] =>
  merged([
    ...layerProducts(shape, 'training'),
    ...linearProducts({ rows: shape.batch, inputs: shape.width, outputs: shape.width }, 'training'),
    ...linearProducts({ rows: shape.batch, inputs: shape.width, outputs: shape.labels }, 'training'),
  ]);
