/**
 * Cross-modal attention (MedM-PLM eq. 6–7) between text and each kind of codes: a modality's visit vector queries the other's
 * tokens; what it finds is added to it. Single-head, with projections between the two widths, padding masked (unless configured otherwise), an
 * absent modality adding nothing.
 */
import type { Rng } from '../core/rng.js';
import { tf, type Tensor } from '../engine/index.js';
import { attend, initAttention, type Attention } from '../nn/attention.js';
import { noDropout } from '../nn/dropout.js';
import { maskedScores, zeroAbsent } from '../nn/mask.js';
import type { ParameterInit } from '../nn/parameters.js';
import type { ModelConfig } from './config.js';

export type Fusion<Leaf = Tensor> = {
  /** Text queries the codes of a kind. */
  text_to: Record<string, Attention<Leaf>>;
  /** The codes of a kind query the text. */
  to_text: Record<string, Attention<Leaf>>;
};

export function initFusion(rng: Rng, { text, codes }: ModelConfig, kinds: readonly string[]): Fusion<ParameterInit> {
  const each = (name: string, widths: { queryWidth: number; memoryWidth: number; width: number }) =>
    Object.fromEntries(kinds.map((kind) => [kind, initAttention(rng.split(name, kind), widths)]));
  return {
    text_to: each('text_to', { queryWidth: text.width, memoryWidth: codes.width, width: text.width }),
    to_text: each('to_text', { queryWidth: codes.width, memoryWidth: text.width, width: codes.width }),
  };
}

/** One modality of a batch of visits. */
export interface Modality {
  /** [B, S, D] */
  tokens: Tensor;
  /** bool [B, S] */
  mask: Tensor;
  /** [B, D] */
  visit: Tensor;
  /** bool [B]: the visit has this modality. */
  present: Tensor;
}

/** @returns the visit vectors of text and of each kind after looking at each other */
export function crossAttend(p: Fusion, text: Modality, codes: Record<string, Modality>, padding: ModelConfig['fusion_padding']): { text: Tensor; codes: Record<string, Tensor> } {
  const found: Tensor[] = [text.visit];
  const fused: Record<string, Tensor> = {};
  for (const [kind, modality] of Object.entries(codes)) {
    found.push(lookUp(p.text_to[kind]!, text.visit, { memory: modality, padding, site: `fusion.text_to.${kind}` }));
    fused[kind] = tf.add(modality.visit, lookUp(p.to_text[kind]!, modality.visit, { memory: text, padding, site: `fusion.to_text.${kind}` }));
  }
  return { text: tf.addN(found), codes: fused };
}

interface LookUp {
  memory: Modality;
  padding: ModelConfig['fusion_padding'];
  site: string;
}

function lookUp(p: Attention, query_BD: Tensor, { memory, padding, site }: LookUp): Tensor {
  const [batch] = query_BD.shape as [number, number];
  const context_B1D = attend(p, {
    x_BTD: tf.expandDims(query_BD, 1),
    memory_BSD: memory.tokens,
    bias_B11S: maskedScores(padding === 'read' ? tf.onesLike(memory.mask) : memory.mask),
    heads: 1,
    dropout: noDropout,
    site,
  });
  return zeroAbsent(tf.reshape(context_B1D, [batch, context_B1D.shape[2]!]), memory.present);
}
