/** Products are counted as by hand, and are those of the compiled programs, operation for operation. */
import { describe, expect, it } from 'vitest';
import { initialModel, trainingLoss } from '../../pretrain/stage.js';
import { pretrainSchema } from '../../pretrain/config.js';
import { bertStepProducts, layerProducts, type StepShape } from '../../src/bench/bert-products.js';
import { createBertStep } from '../../src/bench/bert-step.js';
import { merged, productFlops, totalFlops, type Product } from '../../src/bench/products.js';
import { syntheticDataset } from '../../src/bench/synthetic-dataset.js';
import { visitShape, visitStepProducts } from '../../src/bench/visit-products.js';
import { openVisitTraining } from '../../src/bench/visit-step.js';
import { silentLogger } from '../../src/core/log.js';
import { modelSchema } from '../../src/encoders/config.js';
import { openDevice, type Device, type GraphPlan, type ProgramStats } from '../../src/engine/index.js';
import { optimizerSchema } from '../../src/training/optimizer.js';
import { splitFrozen } from '../../src/training/stage-parameters.js';
import { createTrainer } from '../../src/training/trainer.js';

const shape: StepShape = { width: 22, layers: 3, heads: 2, feed_forward: 88, batch: 5, tokens: 7, labels: 13 };

/** A device that notes what it compiles. */
async function watched(): Promise<{ device: Device; largest: () => ProgramStats['operators'] }> {
  const real = await openDevice('cpu', silentLogger());
  const compiled: ProgramStats[] = [];
  const device: Device = { ...real, compile: async (...args) => { const program = await real.compile(...args); compiled.push(program.stats); return program; } };
  return { device, largest: () => compiled.reduce((a, b) => (a.nodes > b.nodes ? a : b)).operators };
}

const countOf = (products: readonly Product[], batched: boolean): number => products.filter(({ a }) => a.length > 2 === batched).reduce((sum, { count }) => sum + count, 0);

describe('products by hand', () => {
  it('count multiplications and additions', () => {
    expect(productFlops({ a: [2, 3, 5], b: [2, 7, 5], transposeA: false, transposeB: true })).toBe(2 * 2 * 3 * 5 * 7);
    expect(productFlops({ a: [5, 3], b: [5, 7], transposeA: true, transposeB: false })).toBe(2 * 3 * 5 * 7);
    const product = { a: [3, 5], b: [5, 7], transposeA: false, transposeB: false };
    expect(merged([{ ...product, count: 2 }, { ...product, count: 0 }, { ...product, count: 3 }])).toEqual([{ ...product, count: 5 }]);
  });

  // A layer has 12 width² weights (24 width² operations a token forward) and 4 tokens·width of attention; backward is twice forward.
  const encoder = 3 * 5 * 7 * (24 * 22 ** 2 + 4 * 7 * 22);

  it('of a step of BERT', () => {
    const heads = 3 * 2 * 5 * (22 * 22 + 22 * 13);
    expect(totalFlops(bertStepProducts(shape))).toBe(3 * encoder + heads);
  });

  it('of layers: forward alone, and over a given input, which needs no gradient by query, key and value', () => {
    expect(totalFlops(layerProducts(shape, 'inference'))).toBe(encoder);
    expect(totalFlops(layerProducts(shape, 'training', { given: true }))).toBe(3 * encoder - 3 * 2 * 5 * 7 * 22 ** 2);
    expect(layerProducts({ ...shape, layers: 0 }, 'training')).toEqual([]);
  });
});

it('a step of BERT is compiled to as many products', async () => {
  const { device, largest } = await watched();
  const step = await createBertStep(device, { ...shape, vocabulary: 100, dropout: 0.1, seed: 1 });
  await step.run();
  step.dispose();
  // Two more a layer norm, [rows, width] · [width, 1], for its gradient's means.
  const layerNorms = 2 * shape.layers + 1;
  expect(largest().Gemm).toBe(countOf(bertStepProducts(shape), false) + 2 * layerNorms);
  expect((largest().FusedMatMul ?? 0) + (largest().MatMul ?? 0)).toBe(countOf(bertStepProducts(shape), true));
});

describe('a step over frozen text layers', () => {
  const model = modelSchema.parse({
    text: { width: 12, layers: 3, heads: 2, feed_forward: 20, max_tokens: 14, window: 7, dropout: 0.1, pooling: 'cls' },
    codes: { width: 6, layers: 1, heads: 2, feed_forward: 10, ontology_heads: 3, dropout: 0.1 },
    reader: { width: 5 },
  });
  const pretrain = pretrainSchema.parse({ reading: [], head_width: 11, freeze: 1, training: { batch_size: 3 } });
  const visits = { lengths: [9, 10, 8], vocabulary: 40, codes: 17, medications: 13, codesInVisit: 4, seed: 1 };
  const open = () => openVisitTraining({ model, pretrain, cache: { enabled: false, precision: 'float32' }, visits, device: 'cpu', log: silentLogger() });

  it('has the products counted by hand', async () => {
    const { stage, rows } = await open();
    const plan = stage.source.plan(rows)[0]!;
    expect(plan.text).toEqual({ chunks: 2, width: 7 });
    const hierarchies = Object.values(stage.spec.ontologies);
    stage.dispose();
    const linear = (batch: number, inputs: number, outputs: number): number => 3 * 2 * batch * inputs * outputs;
    const attention = (sequences: number, queries: number, keys: number, width: number): number => 6 * 2 * sequences * queries * keys * width;
    const text = 2 * (linear(42, 12, 12) * 4 + linear(42, 12, 20) * 2 + attention(6, 7, 7, 12)) - 3 * 2 * 42 * 12 * 12 + linear(3, 12, 12);
    // Pass 1's map of the inner nodes' sums, pass 2's of their result; leaves take both maps as one, W². Scores: of two vectors of three heads.
    const ontology = ({ leaves, nodes }: (typeof hierarchies)[number]): number => 2 * linear(nodes - leaves, 6, 6) + linear(leaves, 6, 6) + linear(6, 6, 6) + 2 * linear(nodes, 6, 2 * 3) + linear(2, 6, 6);
    const codes = hierarchies.map((hierarchy) => ontology(hierarchy) + 4 * linear(15, 6, 6) + 2 * linear(15, 6, 10) + attention(3, 5, 5, 6));
    const fusion = linear(3, 12, 12) + 2 * linear(15, 6, 12) + attention(3, 1, 5, 12) + linear(3, 6, 6) + 2 * linear(42, 12, 6) + attention(3, 1, 14, 6);
    const heads = [17, 13].map((codesOfKind) => linear(3, 12, 11) + 2 * linear(3, 6, 11) + 3 * (linear(3, 11, 6) + linear(3, 6, codesOfKind)));
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    expect(totalFlops(visitStepProducts(visitShape(stage.spec, pretrain, plan)))).toBe(text + sum(codes) + 2 * fusion + sum(heads));
  });

  it('is compiled to as many products', async () => {
    const { stage, rows } = await open();
    const { device, largest } = await watched();
    const plan = stage.source.plan(rows)[0]!;
    const { trained } = splitFrozen(initialModel(stage.spec, { dataset: syntheticDataset(visits), config: pretrain, seed: 1 }), pretrain.freeze);
    const trainer = await createTrainer({ name: 'test', device, inits: trained, seed: 1, optimizer: optimizerSchema.parse({}), loss: trainingLoss(stage.spec, pretrain) });
    await trainer.step(1, [await stage.batchOf(0, plan)], 1e-3);
    trainer.dispose();
    stage.dispose();
    const products = visitStepProducts(visitShape(stage.spec, pretrain, plan));
    const { Gemm = 0, MatMul = 0, FusedMatMul = 0 } = largest();
    // Text layers have two norms, code encoders two and a last one; each has two products more (see above).
    const layerNorms = 2 * 2 + 2 * (2 * 1 + 1);
    const sums = Object.values(stage.spec.ontologies).reduce((total, { bottomUp, topDown }) => total + tableProducts(bottomUp, true) + tableProducts(topDown, false), 0);
    expect(Gemm + MatMul + FusedMatMul - 2 * layerNorms - sums).toBe(products.reduce((total, { count }) => total + count, 0));
  });
});

/** Sums over edges: forward and the values' gradient, a plain Mul where one head sums up one edge; and the weights' gradient. */
const tableProducts = ({ incoming, outgoing }: GraphPlan, shared: boolean): number =>
  incoming.length + [...incoming, ...outgoing].filter(({ width }) => shared || width > 1).length;
