import { describe, expect, it } from 'vitest';
import { pretrainSchema } from '../../pretrain/config.js';
import { maskedBatch } from '../../pretrain/batches.js';
import { maskingVocabularies } from '../../pretrain/masking.js';
import { codePredictionLoss, initPredictionHeads } from '../../pretrain/objectives.js';
import { createRng } from '../../src/core/rng.js';
import { flattenTree, unflattenTree } from '../../src/core/tree.js';
import { encodeVisit, initVisitEncoder, type ModelSpec } from '../../src/encoders/visit.js';
import { visitTensors } from '../../src/encoders/visit-batch.js';
import { openDevice, valueAndGradients, type Buffers, type DeviceName, type Tensor, type Tensors } from '../../src/engine/index.js';
import { silentLogger } from '../../src/core/log.js';
import { noDropout, trainingDropout } from '../../src/nn/dropout.js';
import { initialValuesOf, isParameterInit } from '../../src/nn/parameters.js';
import { expectAllClose } from '../support/all-close.js';
import { tinySpec, tinyVisits } from './tiny-model.js';

const kinds = { dx: Array.from({ length: 5 }, () => ({ system: 'icd9cm' })), rx: Array.from({ length: 3 }, () => ({ system: 'atc' })) };

async function lossAndGradients(deviceName: DeviceName, spec: ModelSpec, pretrain: object): Promise<Buffers> {
  const device = await openDevice(deviceName, silentLogger());
  const config = pretrainSchema.parse({ ...pretrain, head_width: 7 });
  const vocabularies = maskingVocabularies(kinds, config.masking);
  const otherKinds = config.masking.random_from === 'other-system';
  const frequencies = { dx: Float32Array.of(0.5, 0.4, 0.3, 0.2, 0.1), rx: Float32Array.of(0.6, 0.3, 0.2) };
  const inits = { ...initVisitEncoder(createRng(5), spec), heads: initPredictionHeads(createRng(6), spec, config, frequencies) };
  const leaves = flattenTree(inits as never, isParameterInit);
  const batch = maskedBatch(tinyVisits(spec.config.text.window === 14 ? 1 : 2), Int32Array.of(4, 9, 2), { config, vocabularies, seed: 1, epoch: 'dev' });
  const program = await device.compile(
    (inputs, noise) => {
      const dropout = trainingDropout(noise, 0.1);
      const parameters = Object.fromEntries(leaves.map(([path]) => [path, inputs[path]!]));
      const { value, gradients } = valueAndGradients((p) => {
        const tree = unflattenTree(Object.entries(p)) as never as ReturnType<typeof initVisitEncoder> & { heads: never };
        const visit = encodeVisit(tree as never, inputs, spec, { inputs: ['text', 'dx', 'rx'], otherKinds, dropout: { text: dropout, codes: dropout } });
        return codePredictionLoss(tree as never, visit, inputs, { spec, config }).loss;
      }, parameters);
      return { loss: value as Tensor, ...Object.fromEntries(Object.entries(gradients).map(([k, g]) => [`g/${k}`, g])) } as Tensors;
    },
    [...batch.map(({ name, shape, dtype }) => ({ name, shape, dtype })), ...leaves.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }))],
  );
  const call = program.bind({ ...Object.fromEntries(batch.map(({ name, data }) => [name, data])), ...Object.fromEntries(leaves.map(([path, init]) => [path, initialValuesOf(init)])) });
  await call.run({ seed: 1, step: 1 });
  return call.outputs;
}

describe('the whole model: compiled program against the pure-JavaScript backend, loss and every gradient', () => {
  it.each([
    [{ loss: 'masked-ce', reading: ['dx', 'rx'] }, {}],
    [{ loss: 'visit-bce', reading: [] }, {}],
    [{ loss: 'masked-ce', reading: [] }, { fusion: 'concatenation', embedding: 'table' }],
    [{ loss: 'visit-bce', reading: ['dx', 'rx'] }, { window: 14, pooling: 'cls' }],
    [{ loss: 'visit-bce', reading: [] }, { mask_cls: true, fusion_padding: 'read' }],
    [{ masking: { random: 1, keep: 0, random_from: 'other-system' }, reading: ['dx', 'rx'] }, {}],
  ])('%o %o', async (pretrain, overrides) => {
    const spec = tinySpec(overrides);
    const [compiled, reference] = [await lossAndGradients('cpu', spec, pretrain), await lossAndGradients('reference', spec, pretrain)];
    expect(Object.keys(compiled)).toEqual(Object.keys(reference));
    for (const [name, value] of Object.entries(reference)) expectAllClose(compiled[name]!, value, { rtol: 2e-4, atol: 2e-6, label: name });
    const nonZero = Object.entries(reference).filter(([, g]) => g.some((x) => x !== 0)).length;
    expect(nonZero).toBeGreaterThan(0.8 * Object.keys(reference).length);
  });
});

describe('encodeVisit', () => {
  const encode = async (rows: ReturnType<typeof tinyVisits>): Promise<Buffers> => {
    const device = await openDevice('cpu', silentLogger());
    const spec = tinySpec();
    const leaves = flattenTree(initVisitEncoder(createRng(5), spec) as never, isParameterInit);
    const batch = visitTensors(rows, ['text', 'dx', 'rx']);
    const program = await device.compile((inputs) => {
      const tree = unflattenTree(leaves.map(([path]) => [path, inputs[path]!] as const)) as never;
      const visit = encodeVisit(tree, inputs, spec, { inputs: ['text', 'dx', 'rx'], dropout: { text: noDropout, codes: noDropout } });
      return { text: visit.text!.visit, dx: visit.codes['dx']!.visit, rx: visit.codes['rx']!.visit };
    }, [...batch.map(({ name, shape, dtype }) => ({ name, shape, dtype })), ...leaves.map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const }))]);
    const call = program.bind({ ...Object.fromEntries(batch.map(({ name, data }) => [name, data])), ...Object.fromEntries(leaves.map(([path, init]) => [path, initialValuesOf(init)])) });
    await call.run();
    return call.outputs;
  };

  it('does not see what stands on padding', async () => {
    const rows = tinyVisits();
    const before = await encode(rows);
    const text = rows.text!;
    text.ids.forEach((_, i) => { if (!text.mask[i]) text.ids[i] = (i * 7) % 29; });
    for (const codes of Object.values(rows.codes)) codes.ids.forEach((_, i) => { if (!codes.mask[i]) codes.ids[i] = 4 + (i % 3); });
    const after = await encode(rows);
    for (const [name, value] of Object.entries(before)) expectAllClose(after[name]!, value, { rtol: 1e-6, atol: 1e-7, label: name });
  });

  it('gives 0 for a modality that a visit lacks and finite vectors for the others', async () => {
    const { text, rx, dx } = await encode(tinyVisits());
    expect(text!.subarray(10, 20).every((x) => x === 0)).toBe(true);
    expect(rx!.subarray(12, 18).every((x) => x === 0)).toBe(true);
    expect([...text!, ...rx!, ...dx!].every(Number.isFinite)).toBe(true);
    expect(dx!.subarray(6, 12).some((x) => x !== 0)).toBe(true);
  });

  it('reads codes as a set: their order changes nothing', async () => {
    const rows = tinyVisits();
    const before = await encode(rows);
    const ids = rows.codes['dx']!.ids;
    [ids[1], ids[3]] = [ids[3]!, ids[1]!];
    const after = await encode(rows);
    expectAllClose(after['dx']!, before['dx']!, { rtol: 1e-5, atol: 1e-6, label: 'dx' });
    expectAllClose(after['text']!, before['text']!, { rtol: 1e-5, atol: 1e-6, label: 'text' });
  });
});
