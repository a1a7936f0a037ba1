/** A training step of BERT with a linear head, from word ids on: forward, backward, clipping, AdamW in place. */
import { createRng } from '../core/rng.js';
import { modelSchema } from '../encoders/config.js';
import { initBert, type Bert } from '../encoders/text/bert.js';
import { encodeText } from '../encoders/text/encode.js';
import { bceWithLogits, tf, type Device, type Tensor } from '../engine/index.js';
import { noDropout, trainingDropout } from '../nn/dropout.js';
import { applyLinear, initLinear, type Linear } from '../nn/linear.js';
import type { ParameterInit } from '../nn/parameters.js';
import { optimizerSchema } from '../training/optimizer.js';
import type { Batch } from '../training/program-cache.js';
import { createTrainer } from '../training/trainer.js';
import type { Timed } from './bare-products.js';
import type { StepShape } from './bert-products.js';

type Model<Leaf = Tensor> = { text: Bert<Leaf>; head: Linear<Leaf> };

export interface BertStepOptions extends StepShape {
  /** Words; they cost memory and their optimizer's share of the step, no products. */
  vocabulary: number;
  /** Probability; 0 leaves the noise out. */
  dropout: number;
  seed: number;
}

export async function createBertStep(device: Device, options: BertStepOptions): Promise<Timed> {
  const { width, layers, heads, feed_forward, tokens, labels, vocabulary, dropout, seed } = options;
  const rng = createRng(seed, 'bench');
  const { text } = modelSchema.parse({ text: { width, layers, heads, feed_forward, max_tokens: tokens, window: tokens, dropout, pooling: 'cls' } });
  const inits: Model<ParameterInit> = { text: initBert(rng, text, vocabulary), head: initLinear(rng, { inputs: width, outputs: labels }) };
  const trainer = await createTrainer<Model>({
    device, inits, seed, name: 'bench', optimizer: optimizerSchema.parse({}),
    loss: (p, inputs, noise) => {
      const drop = dropout ? trainingDropout(noise, dropout) : noDropout;
      const { visit_BD } = encodeText(p.text, { ids: inputs.ids!, mask: inputs.mask! }, text, drop);
      return { loss: tf.mean(bceWithLogits(applyLinear(p.head, visit_BD), inputs.labels!)) };
    },
  });
  const batch = randomBatch(options);
  let step = 0;
  return { run: async () => void (await trainer.step(++step, [batch], 1e-4)), dispose: () => trainer.dispose() };
}

function randomBatch({ batch, tokens, labels, vocabulary, seed }: BertStepOptions): Batch {
  const rng = createRng(seed, 'bench batch');
  return [
    { name: 'ids', shape: [batch, 1, tokens], dtype: 'int32', data: Int32Array.from({ length: batch * tokens }, () => rng.integer(vocabulary)) },
    { name: 'mask', shape: [batch, 1, tokens], dtype: 'bool', data: new Uint8Array(batch * tokens).fill(1) },
    { name: 'labels', shape: [batch, labels], dtype: 'float32', data: Float32Array.from({ length: batch * labels }, () => rng.integer(2)) },
  ];
}
