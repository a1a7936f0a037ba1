/** What the files of the published heads begin with. */
import type { Tree } from '../../src/core/tree.js';
import { tf, type Tensor } from '../../src/engine/index.js';
import { maskedScores } from '../../src/nn/mask.js';
import type { TokenReader } from './text-head.js';

/** Keeps a reader's parameter types while the head that holds it forgets them. */
export const defineReader = <Parameters extends Tree<Tensor>>(reader: TokenReader<Parameters>): TokenReader => reader as unknown as TokenReader;

/** Added to the scores of tokens: 0, or very low on padding [B, 1, N]. */
export const attentionBias = (mask_BN: Tensor): Tensor => tf.reshape(maskedScores(mask_BN), [mask_BN.shape[0]!, 1, mask_BN.shape[1]!]);

/** Each label's own weights on what it read: context [B, K, D], weights [K, D] → scores [B, K]. */
export const scoreContexts = (context_BLD: Tensor, weight_LD: Tensor): Tensor => tf.sum(tf.mul(context_BLD, weight_LD), -1);
