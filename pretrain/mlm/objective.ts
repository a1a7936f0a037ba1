/** Masked-language modelling: the token at each masked place, by a head tied to the word embeddings (Devlin et al. 2019). */
import type { Rng } from '../../src/core/rng.js';
import type { TextConfig } from '../../src/encoders/config.js';
import { hiddenStates } from '../../src/encoders/text/encode.js';
import { activations } from '../../src/encoders/text/layers.js';
import type { TextLayers } from '../../src/encoders/text/text-encoder.js';
import { textTensors, type ChunkedRows, type NamedTensor } from '../../src/encoders/visit-batch.js';
import { crossEntropy, gatherRows, gelu, linear, tf, type Tensor, type Tensors } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { applyLayerNorm, initLayerNorm, type LayerNorm } from '../../src/nn/layer-norm.js';
import { applyLinear, initLinear, type Linear } from '../../src/nn/linear.js';
import { valuesInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { MaskedText } from './masking.js';

/** Named as in Hugging Face, BERT's way or RoBERTa's. */
export type MaskedLanguageHead<Leaf = Tensor> =
  | { cls: { predictions: { transform: { dense: Linear<Leaf>; LayerNorm: LayerNorm<Leaf> }; bias: Leaf } } }
  | { lm_head: { dense: Linear<Leaf>; layer_norm: LayerNorm<Leaf>; bias: Leaf } };

export type MaskedLanguageModel<Leaf = Tensor> = { bert: TextLayers<Leaf> } & MaskedLanguageHead<Leaf>;

/** @param logFrequencies [V]: where the bias starts */
export function initHead(rng: Rng, { family, width }: TextConfig, logFrequencies: Float32Array): MaskedLanguageHead<ParameterInit> {
  const dense = initLinear(rng.split('dense'), { inputs: width, outputs: width });
  const norm = initLayerNorm(width);
  const bias = valuesInit([logFrequencies.length], logFrequencies);
  return family === 'roberta' ? { lm_head: { dense, layer_norm: norm, bias } } : { cls: { predictions: { transform: { dense, LayerNorm: norm }, bias } } };
}

/** A batch as {@link maskedLanguageLoss} reads it. @param text what the model is given of the masked text */
export function maskedBatch(batch: number, text: ChunkedRows, { positions, targets, weights }: MaskedText): NamedTensor[] {
  const shape = [positions.length];
  return [
    ...textTensors(batch, text),
    { name: 'masked.positions', shape, dtype: 'int32', data: positions },
    { name: 'masked.targets', shape, dtype: 'int32', data: targets },
    { name: 'masked.weights', shape, dtype: 'float32', data: weights },
  ];
}

/** Logits at the masked places only: [P, V]. @param inputs of {@link maskedBatch} */
export function maskedLanguageLogits(p: MaskedLanguageModel, inputs: Tensors, config: TextConfig, dropout: Dropout): Tensor {
  const text = { ids: inputs['text.ids'], hidden: inputs['text.hidden'], mask: inputs['text.mask']! };
  const x_NWD = hiddenStates(p.bert, text, config, dropout).at(-1)!;
  const x_PD = gatherRows(tf.reshape(x_NWD, [-1, config.width]), inputs['masked.positions']!);
  const { dense, norm, bias_V } = partsOf(p);
  // RoBERTa's head has GELU whatever its layers have.
  const activate = config.family === 'roberta' ? gelu : activations[config.activation];
  const h_PD = applyLayerNorm(norm, activate(applyLinear(dense, x_PD)), config.norm_epsilon);
  return linear(h_PD, p.bert.embeddings!.word_embeddings.weight, bias_V);
}

function partsOf(head: MaskedLanguageHead): { dense: Linear; norm: LayerNorm; bias_V: Tensor } {
  if ('lm_head' in head) return { dense: head.lm_head.dense, norm: head.lm_head.layer_norm, bias_V: head.lm_head.bias };
  const { transform, bias } = head.cls.predictions;
  return { dense: transform.dense, norm: transform.LayerNorm, bias_V: bias };
}

/** Cross-entropy, the mean over the masked places; nats a token. */
export function maskedLanguageLoss(logits_PV: Tensor, inputs: Tensors): Tensor {
  return meanOfMasked(crossEntropy(logits_PV, inputs['masked.targets']!), inputs);
}

/** Share of the masked places whose token has the highest logit. */
export function maskedAccuracy(logits_PV: Tensor, inputs: Tensors): Tensor {
  return meanOfMasked(tf.cast(tf.equal(tf.argMax(logits_PV, 1), inputs['masked.targets']!), 'float32'), inputs);
}

/** 0 where a batch has none. */
function meanOfMasked(x_P: Tensor, { 'masked.weights': weights_P }: Tensors): Tensor {
  const count = tf.add(tf.relu(tf.sub(tf.sum(weights_P!), 1)), 1);
  return tf.div(tf.sum(tf.mul(x_P, weights_P!)), count);
}
