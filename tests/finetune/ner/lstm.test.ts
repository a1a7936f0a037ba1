/** The bidirectional LSTM against a plain loop, with padding, and its gradients against differences. */
import { describe, expect, it } from 'vitest';
import { applyBiLstm, initBiLstm, type BiLstm } from '../../../finetune/ner/lstm.js';
import { createRng } from '../../../src/core/rng.js';
import { tf, valueAndGradients, type Tensors } from '../../../src/engine/index.js';
import { initialValuesOf } from '../../../src/nn/parameters.js';
import { runOnce, type NamedValues } from '../../encoders/run-once.js';
import { expectAllClose } from '../../support/all-close.js';

const [N, S, D, H] = [2, 5, 3, 7] as const;
const lengths = [5, 3];

const inits = initBiLstm(createRng(5), { inputs: D, width: H });
const parameters = Object.fromEntries(Object.entries(inits).map(([name, init]) => [name, initialValuesOf(init)])) as Record<keyof BiLstm, Float32Array>;
const rng = createRng('x');
const x = Float32Array.from({ length: N * S * D }, () => rng.normal());

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** States of one direction over the words of a row, in reading order. */
function read(words: readonly Float32Array[], direction: number, { input, hidden, bias }: Record<keyof BiLstm, Float32Array>): number[][] {
  let [state, cell] = [new Array<number>(H).fill(0), new Array<number>(H).fill(0)];
  return words.map((word) => {
    const gate = (which: number, h: number): number => {
      const column = which * H + h;
      const fromWord = word.reduce((sum, value, d) => sum + value * input[(direction * D + d) * 4 * H + column]!, 0);
      return fromWord + state.reduce((sum, value, i) => sum + value * hidden[(direction * H + i) * 4 * H + column]!, bias[direction * 4 * H + column]!);
    };
    const units = Array.from({ length: H }, (_, h) => [0, 1, 2, 3].map((which) => gate(which, h)));
    cell = units.map(([i, f, g], h) => sigmoid(f!) * cell[h]! + sigmoid(i!) * Math.tanh(g!));
    state = units.map(([, , , o], h) => sigmoid(o!) * Math.tanh(cell[h]!));
    return state;
  });
}

/** [N, S, 2H] */
function byLoop(values: Record<keyof BiLstm, Float32Array>): number[] {
  return lengths.flatMap((length, n) => {
    const words = Array.from({ length }, (_, s) => x.subarray((n * S + s) * D, (n * S + s + 1) * D));
    const forward = read(words, 0, values);
    const backward = read([...words].reverse(), 1, values).reverse();
    return Array.from({ length: S }, (_, s) => (s < length ? [...forward[s]!, ...backward[s]!] : new Array<number>(2 * H).fill(0))).flat();
  });
}

const inputs: NamedValues[] = [
  { name: 'x', shape: [N, S, D], data: x },
  { name: 'mask', shape: [N, S], data: Float32Array.from(lengths.flatMap((length) => Array.from({ length: S }, (_, s) => Number(s < length)))) },
  ...Object.entries(inits).map(([name, { shape }]) => ({ name, shape, data: parameters[name as keyof BiLstm] })),
];

describe('applyBiLstm', () => {
  it('equals a loop over the words of each row; padding gives 0', async () => {
    const { states } = await runOnce(inputs, (t) => ({ states: applyBiLstm(t as unknown as BiLstm, t['x']!, t['mask']!) }));
    expectAllClose(states!, byLoop(parameters), { rtol: 1e-5, atol: 1e-6, label: 'states' });
  });

  it('has the gradients that differences give', async () => {
    const outputs = await runOnce(inputs, (t) => {
      const { gradients } = valueAndGradients((p) => tf.sum(tf.square(applyBiLstm(p as unknown as BiLstm, t['x']!, t['mask']!))), { input: t['input']!, hidden: t['hidden']!, bias: t['bias']! });
      return gradients as Tensors;
    });
    const valueAt = (values: Record<keyof BiLstm, Float32Array>): number => byLoop(values).reduce((sum, value) => sum + value * value, 0);
    for (const name of ['input', 'hidden', 'bias'] as const) {
      const differences = [0, 11, 30, 50].map((at) => {
        const moved = (by: number) => ({ ...parameters, [name]: Float32Array.from(parameters[name], (value, i) => (i === at ? value + by : value)) });
        return (valueAt(moved(1e-2)) - valueAt(moved(-1e-2))) / 2e-2;
      });
      expectAllClose([0, 11, 30, 50].map((at) => outputs[name]![at]!), differences, { rtol: 5e-3, atol: 1e-4, label: name });
    }
  });

  it('starts with forget gates that are open', () => {
    expect([...parameters.bias.subarray(0, 4 * H)]).toEqual([0, 1, 0, 0].flatMap((bias) => new Array<number>(H).fill(bias)));
    expect(parameters.bias).toHaveLength(2 * 4 * H);
  });
});
