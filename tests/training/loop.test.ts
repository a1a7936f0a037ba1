import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { createRng } from '../../src/core/rng.js';
import { openDevice, tf, type Noise, type Tensor } from '../../src/engine/index.js';
import { trainingDropout } from '../../src/nn/dropout.js';
import { normalInit } from '../../src/nn/parameters.js';
import { runLoop, trainingSchema, type LoopOptions } from '../../src/training/loop.js';
import { optimizerSchema } from '../../src/training/optimizer.js';
import type { Batch } from '../../src/training/program-cache.js';
import { createTrainer, type Trainer } from '../../src/training/trainer.js';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-loop-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

const optimizer = optimizerSchema.parse({ learning_rate: 0.02 });
const batch = (epoch: number, i: number): Batch => [{ name: 'x', shape: [4, 5], dtype: 'float32', data: Float32Array.from({ length: 20 }, createRng(epoch, i).normal) }];

const newTrainer = async (): Promise<Trainer> =>
  createTrainer<{ w: Tensor }>({
    device: await openDevice('cpu', silentLogger()),
    inits: { w: normalInit(createRng(1), [3, 5]) },
    loss: ({ w }, { x }, noise: Noise) => ({ loss: tf.mean(tf.square(tf.sub(trainingDropout(noise, 0.3)(tf.matMul(x!, w, false, true), 'out'), 1))) }),
    optimizer,
    seed: 5,
    name: 'test',
  });

interface Overrides {
  /** Abort once this many batches were loaded. */
  stopAfter?: number;
  patience?: number;
  scores?: number[];
}

async function run(directory: string, { stopAfter = Infinity, patience = 0, scores }: Overrides = {}) {
  const trainer = await newTrainer();
  const stop = new AbortController();
  let loaded = 0;
  let evaluations = 0;
  const options: LoopOptions = {
    name: 'test',
    trainer,
    training: trainingSchema.parse({ epochs: 4, accumulate: 2, patience, checkpoint_every: 2 }),
    optimizer,
    planEpoch: (epoch) =>
      Array.from({ length: 7 }, (_, i) => ({
        load: () => {
          if (++loaded > stopAfter) stop.abort();
          return batch(epoch, i);
        },
      })),
    evaluate: async () => {
      const value = scores?.[evaluations++] ?? -Math.abs(trainer.views['w']![0]!);
      return { score: value, metrics: { dev_value: value } };
    },
    directory: path.join(root, directory),
    signal: stop.signal,
    log: silentLogger(),
  };
  const result = await runLoop(options);
  return { result, weights: Buffer.from(trainer.parameters.slice().buffer) };
}

describe('the training loop', () => {
  it('continues exactly: interrupted anywhere, the weights and the history are those of an uninterrupted run', async () => {
    const straight = await run('straight');
    expect(straight.result.finished).toBe(true);
    for (const stopAfter of [1, 5, 7, 12, 20]) {
      const first = await run(`stopped-${stopAfter}`, { stopAfter });
      expect(first.result.finished).toBe(false);
      const resumed = await run(`stopped-${stopAfter}`);
      expect(resumed.result.finished).toBe(true);
      expect(resumed.weights.equals(straight.weights), `stopped after ${stopAfter}`).toBe(true);
      const metrics = ({ history }: typeof resumed.result) => history.map((entry) => entry.metrics);
      expect(metrics(resumed.result)).toEqual(metrics(straight.result));
    }
  });

  it('keeps the best weights on dev and stops after `patience` evaluations without improvement', async () => {
    const { result } = await run('patience', { patience: 2, scores: [0.3, 0.5, 0.4, 0.45] });
    expect(result.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(result.best.score).toBe(0.5);
    const early = await run('patience-1', { patience: 1, scores: [0.3, 0.2] });
    expect(early.result.history.length).toBe(2);
    const best = await run('best-is-first', { patience: 1, scores: [0.3, 0.2] });
    expect(best.result.best.step).toBe(4);
  });

  it('leaves only one complete checkpoint, and ignores one that was being written', async () => {
    await run('one', { stopAfter: 12 });
    const dir = path.join(root, 'one');
    const complete = fs.readdirSync(dir);
    expect(complete.length).toBe(1);
    fs.mkdirSync(path.join(dir, 'checkpoint-999999999.tmp'));
    const { result } = await run('one');
    expect(result.finished).toBe(true);
  });
});
