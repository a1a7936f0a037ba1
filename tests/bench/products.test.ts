/** The list of products is that of the step: operation for operation, and by hand. */
import { expect, it } from 'vitest';
import { benchStep } from '../../src/bench/step.js';
import { median } from '../../src/bench/measure.js';
import { productFlops, stepProducts, totalFlops, type StepShape } from '../../src/bench/products.js';
import { createTrainingStep } from '../../src/bench/training-step.js';
import { silentLogger } from '../../src/core/log.js';
import { openDevice, type Device, type ProgramStats } from '../../src/engine/index.js';

const shape: StepShape = { width: 22, layers: 3, heads: 2, batch: 5, tokens: 7, labels: 13 };

it('counts multiplications and additions', () => {
  expect(productFlops({ a: [2, 3, 5], b: [2, 7, 5], transposeA: false, transposeB: true, count: 1 })).toBe(2 * 2 * 3 * 5 * 7);
  expect(productFlops({ a: [5, 3], b: [5, 7], transposeA: true, transposeB: false, count: 9 })).toBe(2 * 3 * 5 * 7);
  // A layer has 12 width² weights (24 width² operations a token forward) and 4 tokens·width of attention; backward is twice forward.
  const encoder = 3 * 3 * 5 * 7 * (24 * 22 ** 2 + 4 * 7 * 22);
  const heads = 3 * 2 * 5 * (22 * 22 + 22 * 13);
  expect(totalFlops(stepProducts(shape))).toBe(encoder + heads);
});

it('has as many products as the compiled step', async () => {
  const real = await openDevice('cpu', silentLogger());
  const compiled: ProgramStats[] = [];
  const spy: Device = { ...real, compile: async (...args) => { const program = await real.compile(...args); compiled.push(program.stats); return program; } };
  const step = await createTrainingStep(spy, shape, 0.1, 1);
  await step.run();
  step.dispose();
  const largest = compiled.reduce((a, b) => (a.nodes > b.nodes ? a : b)).operators;
  const count = (batched: boolean): number => stepProducts(shape).filter((p) => p.a.length > 2 === batched).reduce((sum, p) => sum + p.count, 0);
  // Two more a layer norm, [rows, width] · [width, 1], for its gradient's means.
  const layerNorms = 2 * shape.layers + 1;
  expect(largest.Gemm).toBe(count(false) + 2 * layerNorms);
  expect((largest.FusedMatMul ?? 0) + (largest.MatMul ?? 0)).toBe(count(true));
});

it('measures', async () => {
  const device = await openDevice('cpu', silentLogger());
  const result = await benchStep({ ...shape, device, repeats: 2, dropout: 0.1, seed: 1, threads: 1, signal: new AbortController().signal });
  expect(result.ratio).toBeGreaterThan(0);
  expect(result.ratio).toBeCloseTo(result.bare.ms / result.step.ms, 10);
  expect(result.bare.ms).toBeCloseTo(result.products.reduce((sum, p) => sum + p.count * p.ms, 0), 10);
  expect(result.peak_memory_mib).toBeGreaterThan(10);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
