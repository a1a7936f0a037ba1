/** The tensors of an encoder, by the names of Hugging Face's BertModel (RobertaModel's are the same), and how files spell them. */
import type { EncoderArchitecture } from './architecture.js';

export type Shapes = Record<string, readonly number[]>;

/** Tensors that the hidden states need. Linear weights are [out, in]. */
export function encoderShapes(architecture: EncoderArchitecture): Shapes {
  const { width, layers, positions, token_types, vocabulary_size } = architecture;
  const shapes: Shapes = {
    'embeddings.word_embeddings.weight': [vocabulary_size, width],
    'embeddings.position_embeddings.weight': [positions, width],
    'embeddings.token_type_embeddings.weight': [token_types, width],
    ...normShapes('embeddings.LayerNorm', width),
  };
  for (let i = 0; i < layers; i++) Object.assign(shapes, layerShapes(`encoder.layer.${i}`, architecture));
  return shapes;
}

/** Not every checkpoint has a pooler. */
export const poolerShapes = ({ width }: EncoderArchitecture): Shapes => linearShapes('pooler.dense', width, width);

function layerShapes(layer: string, { width, feed_forward }: EncoderArchitecture): Shapes {
  return {
    ...linearShapes(`${layer}.attention.self.query`, width, width),
    ...linearShapes(`${layer}.attention.self.key`, width, width),
    ...linearShapes(`${layer}.attention.self.value`, width, width),
    ...linearShapes(`${layer}.attention.output.dense`, width, width),
    ...normShapes(`${layer}.attention.output.LayerNorm`, width),
    ...linearShapes(`${layer}.intermediate.dense`, width, feed_forward),
    ...linearShapes(`${layer}.output.dense`, feed_forward, width),
    ...normShapes(`${layer}.output.LayerNorm`, width),
  };
}

const linearShapes = (name: string, inputs: number, outputs: number): Shapes => ({ [`${name}.weight`]: [outputs, inputs], [`${name}.bias`]: [outputs] });

const normShapes = (name: string, width: number): Shapes => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });

const ANCHOR = 'embeddings.word_embeddings.weight';

/** What stands before an encoder's names in a file: nothing, `bert.`, `roberta.`, `0.auto_model.` … One for each encoder in it. */
export const prefixesIn = (names: readonly string[]): string[] =>
  names.filter((name) => name === ANCHOR || name.endsWith(`.${ANCHOR}`)).map((name) => name.slice(0, -ANCHOR.length));

/** TensorFlow's names of scale and shift, which checkpoints of the first years kept. */
export const modernName = (name: string): string => name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');

/** Row numbers that older versions stored as if they were weights. */
export const isIndexBuffer = (name: string): boolean => /^embeddings\.(position_ids|token_type_ids)$/.test(name);

/** Names that take part in the hidden states; anything else is a head. */
export const isOfEncoder = (name: string): boolean => /^(embeddings|encoder)\./.test(name);
