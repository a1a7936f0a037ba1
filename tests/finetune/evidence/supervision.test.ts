/** What the loss of span-level training is given, and what it makes of it. */
import { describe, expect, it } from 'vitest';
import { attentionLoss } from '../../../finetune/evidence/attention-loss.js';
import { supervisionTensors } from '../../../finetune/evidence/supervision.js';
import { silentLogger } from '../../../src/core/log.js';
import { openDevice } from '../../../src/engine/index.js';

describe('supervisionTensors', () => {
  const chunking = { window: 5, overlap: 1, maxTokens: 10 };
  const plan = { rows: Int32Array.of(7, -1, 3), text: { chunks: 2, width: 5 }, chunking, codeWidths: { dx: 1, rx: 1, px: 1 } };
  const notes = new Map([
    [7, { pieces: 5, marked: new Map([[11, [0, 2]], [5, [4]]]) }],
    [3, { pieces: 2, marked: new Map([[11, [1]]]) }],
  ]);
  const [labels, target] = supervisionTensors({ plan }, notes);
  const [K, N] = [48, 10];
  const rowOf = (b: number, k: number): number[] => [...(target!.data as Float32Array).subarray((b * K + k) * N, (b * K + k + 1) * N)];

  it('looks at the marked labels of the batch, each once', () => {
    expect(labels).toMatchObject({ name: 'explain.labels', shape: [K], dtype: 'int32' });
    expect([...labels!.data].slice(0, 3)).toEqual([11, 5, 0]);
  });

  it('spreads a label evenly over the tokens of its mentions, in every chunk that has them', () => {
    expect(target).toMatchObject({ name: 'evidence.target', shape: [3, K, N] });
    // Pieces 0 1 2 | 2 3 4 behind [CLS]: piece 0 is token 1, piece 2 tokens 3 and 6, piece 4 token 8.
    const third = Math.fround(1 / 3);
    expect(rowOf(0, 0)).toEqual([0, third, 0, third, 0, 0, third, 0, 0, 0]);
    expect(rowOf(0, 1)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(rowOf(2, 0)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect((target!.data as Float32Array).reduce((sum, value) => sum + value, 0)).toBeCloseTo(3, 5);
  });
});

it('attentionLoss is the mean cross-entropy of the marked labels', async () => {
  const device = await openDevice('cpu', silentLogger());
  const program = await device.compile(({ weights, target }) => ({ loss: attentionLoss(weights!, target!) }), [
    { name: 'weights', shape: [1, 3, 2], dtype: 'float32' },
    { name: 'target', shape: [1, 3, 2], dtype: 'float32' },
  ]);
  const call = program.bind({ weights: Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.9, 0.1), target: Float32Array.of(1, 0, 0.5, 0.5, 0, 0) });
  await call.run();
  expect(call.outputs['loss']![0]).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 4);
});
