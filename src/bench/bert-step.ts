/** A training step as pre-training runs it: BERT encoder, linear head, backward pass, clipping, AdamW in place. */
import { createRng } from '../core/rng.js';
import type { TextConfig } from '../encoders/config.js';
import { encodeText, initBert, type Bert } from '../encoders/text.js';
import { bceWithLogits, tf, type Device, type Tensor } from '../engine/index.js';
import { noDropout, trainingDropout } from '../nn/dropout.js';
import { applyLinear, initLinear, type Linear } from '../nn/linear.js';
import type { ParameterInit } from '../nn/parameters.js';
import { optimizerSchema } from '../training/optimizer.js';
import type { Batch } from '../training/program-cache.js';
import { createTrainer } from '../training/trainer.js';
import type { StepShape } from './products.js';

type Model<Leaf = Tensor> = { text: Bert<Leaf>; head: Linear<Leaf> };

/** Words of the vocabulary: small, so that the step's time is that of its layers. */
const WORDS = 1000;

export interface TimedStep {
  run(): Promise<void>;
  dispose(): void;
}

/** @param dropout probability; 0 leaves the noise out */
export async function createTrainingStep(device: Device, shape: StepShape, dropout: number, seed: number): Promise<TimedStep> {
  const { width, layers, heads, tokens, labels } = shape;
  const rng = createRng(seed, 'bench');
  const text: TextConfig = { width, layers, heads, feed_forward: 4 * width, max_tokens: tokens, window: tokens, dropout, pooling: 'cls' };
  const inits: Model<ParameterInit> = { text: initBert(rng, text, WORDS), head: initLinear(rng, { inputs: width, outputs: labels }) };
  const trainer = await createTrainer<Model>({
    device, inits, seed, name: 'bench', optimizer: optimizerSchema.parse({}),
    loss: (p, inputs, noise) => {
      const drop = dropout ? trainingDropout(noise, dropout) : noDropout;
      const { visit_BD } = encodeText(p.text, { ids_BT: inputs.ids!, mask_BT: inputs.mask! }, text, drop);
      return { loss: tf.mean(bceWithLogits(applyLinear(p.head, visit_BD), inputs.labels!)) };
    },
  });
  const batch = randomBatch(shape, seed);
  let step = 0;
  return { run: async () => void (await trainer.step(++step, [batch], 1e-4)), dispose: () => trainer.dispose() };
}

function randomBatch({ batch, tokens, labels }: StepShape, seed: number): Batch {
  const rng = createRng(seed, 'bench batch');
  return [
    { name: 'ids', shape: [batch, tokens], dtype: 'int32', data: Int32Array.from({ length: batch * tokens }, () => rng.integer(WORDS)) },
    { name: 'mask', shape: [batch, tokens], dtype: 'bool', data: new Uint8Array(batch * tokens).fill(1) },
    { name: 'labels', shape: [batch, labels], dtype: 'float32', data: Float32Array.from({ length: batch * labels }, () => rng.integer(2)) },
  ];
}
