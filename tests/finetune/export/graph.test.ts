/** Exported graphs: every task, head and encoder, at extents that none of the traces had, against the framework. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema, type FinetuneConfig } from '../../../finetune/config.js';
import { exportGraph, type GraphOptions } from '../../../finetune/export/graph.js';
import { checkAgainstFramework, type Shape } from '../../../finetune/export/self-check.js';
import { labelSources } from '../../../finetune/heads/label-embeddings.js';
import { taskModel } from '../../../finetune/model.js';
import { statedTask } from '../../../finetune/tasks/stated.js';
import type { TaskName } from '../../../finetune/tasks/index.js';
import { silentLogger } from '../../../src/core/log.js';
import { openDevice, type Device } from '../../../src/engine/index.js';
import { writeOnnx } from '../../../src/engine/dynamic/index.js';
import { initialValues, layOut } from '../../../src/training/flat-parameters.js';
import { tinySpec } from '../../encoders/tiny-model.js';

let dir: string;
let device: Device;
beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-export-'));
  device = await openDevice('cpu', silentLogger());
});
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const codes = (system: string, ...names: string[]) => names.map((code) => ({ system, code, count: 3 }));
/** As many as the tiny model has. */
const vocabulary = { special: [], kinds: { dx: codes('icd10cm', 'A00', 'B01', 'C02', 'D03', 'E04'), rx: codes('atc', 'A10A', 'B01A', 'C01A'), px: [] } };
const label = (kind: 'dx' | 'rx', row: number) => ({ kind, ...vocabulary.kinds[kind][row]! });
const labels = { 'icd-coding': [label('dx', 3), label('dx', 0), label('dx', 4)], readmission: [{ system: 'task', code: 'readmitted', count: 1 }], medication: [label('rx', 2), label('rx', 0)] };
const titles = { dx: [[5, 6], [7], [], [8, 9, 10], [11]].map((pieces) => Int32Array.from(pieces)) };

type Spec = ReturnType<typeof tinySpec>;

/** A run with random weights. */
function tinyRun(task: TaskName, settings: object, spec: Spec) {
  const config: FinetuneConfig = finetuneSchema.parse(settings);
  const file = { task, inputs: [], labels: labels[task], threshold: 0.5, threshold_from: 'dev' as const };
  const stated = statedTask({ file, config, vocabulary, titles: labelSources(config.head).titles ? titles : undefined, dir });
  const model = taskModel(spec, stated, { seed: 5, headDropout: 0 });
  const layout = layOut(model.inits);
  const parameters = { layout, values: initialValues(layout, model.inits) };
  return { dir: 'tiny', config, task: stated, model, parameters, modelConfig: spec.config, vocabulary, tokenizer: { size: spec.tokens } as never };
}

type TinyRun = ReturnType<typeof tinyRun>;

const withText = (spec: Spec, text: Partial<Spec['config']['text']>): Spec => ({ ...spec, config: { ...spec.config, text: { ...spec.config.text, ...text } } });

/** Extents of the traces are primes; these are not, and 7 is the longest chunk. */
const SHAPES: Shape[] = [
  { batch: 4, chunks: 2, tokens: 6, dx_codes: 6, rx_codes: 4, labels: 2 },
  { batch: 2, chunks: 1, tokens: 7, dx_codes: 1, rx_codes: 8, labels: 1 },
  { batch: 1, chunks: 4, tokens: 4, dx_codes: 4, rx_codes: 1, labels: 9 },
  {},
];

async function exported(run: TinyRun, options: Partial<GraphOptions> = {}) {
  const { graph, inputs } = await exportGraph(run, { attention: false, fixed: {}, ...options });
  const file = path.join(dir, 'model.onnx');
  writeOnnx(file, graph, { name: 'tiny', description: '', producer: { name: 'medweave', version: '0' }, metadata: {} });
  return { file, graph, inputs };
}

async function difference(run: TinyRun, options: Partial<GraphOptions> = {}): Promise<number> {
  const { file, inputs } = await exported(run, options);
  return checkAgainstFramework(run, { file, inputs, attention: options.attention ?? false, device, shapes: SHAPES });
}

const note = { inputs: ['text'] };
const heads: [string, TaskName, object, Spec, boolean?][] = [
  ['label attention', 'icd-coding', { inputs: ['text', 'rx'] }, tinySpec(), true],
  ['label attention, chunk by chunk', 'icd-coding', { ...note, head: { chunks: 'max' } }, tinySpec(), true],
  ['label attention from codes alone', 'icd-coding', { inputs: ['rx'] }, tinySpec()],
  ['titles', 'icd-coding', { ...note, head: { label_embeddings: 'codes+titles' } }, tinySpec(), true],
  ...(['per-icd', 'caml', 'laat', 'plm-icd', 'plm-ca'] as const).map((kind): [string, TaskName, object, Spec, boolean] => [kind, 'icd-coding', { ...note, head: { kind } }, tinySpec(), true]),
  ['cls, chunk by chunk', 'icd-coding', { ...note, head: { kind: 'cls', chunks: 'max' } }, tinySpec()],
  ['perceptron', 'icd-coding', { inputs: ['text', 'rx'], head: { kind: 'mlp' } }, tinySpec({ pooling: 'cls' })],
  ['readmission', 'readmission', { head: { queries: 3 } }, tinySpec({ mask_cls: true })],
  ['readmission, perceptron', 'readmission', { head: { kind: 'mlp' } }, tinySpec({ fusion: 'concatenation', embedding: 'table', pooling: 'max' })],
  ['medication', 'medication', {}, tinySpec()],
  ['medication, released history, perceptron', 'medication', { medication: { history: 'released' }, head: { kind: 'mlp' } }, tinySpec({ fusion_padding: 'read' })],
  ['convolutions', 'icd-coding', note, withText(tinySpec(), { encoder: 'cnn', kernel: 3 }), true],
  ['recurrence, whose chunks are of one length', 'icd-coding', note, withText(tinySpec(), { encoder: 'rnn' })],
  ['another activation', 'icd-coding', note, withText(tinySpec(), { activation: 'gelu_tanh' })],
];

describe('an exported graph', () => {
  it.each(heads)('%s: gives the framework\'s probabilities at all extents', async (_, task, settings, spec, attention = false) => {
    expect(await difference(tinyRun(task, settings, spec), { attention })).toBeLessThan(2e-6);
  });

  it('has open axes with names, standard operators only, and its weights inside', async () => {
    const { graph } = await exported(tinyRun('icd-coding', { inputs: ['text', 'rx'] }, tinySpec()));
    expect(graph.inputs.map(({ name, shape }) => [name, shape.join()])).toEqual([
      ['text.ids', 'batch,chunks,tokens'], ['text.mask', 'batch,chunks,tokens'], ['text.present', 'batch'],
      ['rx.ids', 'batch,rx_codes'], ['rx.mask', 'batch,rx_codes'], ['rx.present', 'batch'],
    ]);
    expect(graph.outputs.map(({ name, shape }) => [name, shape.join()])).toEqual([['probabilities', 'batch,3']]);
    expect(new Set(graph.nodes.map(({ domain }) => domain))).toEqual(new Set(['']));
    expect(graph.constants.map(({ name }) => name)).toContain('bert.encoder.layer.0.attention.self.query.weight');
    // The hierarchy over the codes is worked off when the graph is made.
    expect(graph.constants.filter(({ name }) => name.includes('ontology'))).toEqual([]);
  });

  it('lists every node after those that it reads', async () => {
    const { graph } = await exported(tinyRun('icd-coding', { inputs: ['text', 'rx'] }, tinySpec()));
    const known = new Set(['', ...[...graph.inputs, ...graph.constants].map(({ name }) => name)]);
    for (const { inputs, outputs } of graph.nodes) {
      expect(inputs.filter((input) => !known.has(input))).toEqual([]);
      for (const output of outputs) known.add(output);
    }
  });

  it('has the extents that are asked for', async () => {
    const run = tinyRun('icd-coding', { inputs: ['text', 'rx'] }, tinySpec());
    const { graph } = await exported(run, { fixed: { batch: 2, tokens: 7 } });
    expect(graph.inputs[0]!.shape).toEqual([2, 'chunks', 7]);
    expect(await difference(run, { fixed: { batch: 2, tokens: 7 } })).toBeLessThan(2e-6);
    await expect(exported(run, { fixed: { px_codes: 3 } })).rejects.toThrow(/--shape px_codes=3: the model has no such axis; it has batch, chunks, tokens, rx_codes/);
    await expect(exported(run, { fixed: { tokens: 8 } })).rejects.toThrow(/at most 7 tokens/);
  });

  it('has no attention where labels attend to no text', async () => {
    await expect(exported(tinyRun('readmission', {}, tinySpec()), { attention: true })).rejects.toThrow(/leave --with-attention out/);
  });

  it('is refused when it does not give the framework\'s probabilities', async () => {
    const run = tinyRun('icd-coding', { inputs: ['text', 'rx'] }, tinySpec());
    const { file, inputs } = await exported(run);
    run.parameters.values.forEach((value, i, values) => (values[i] = value * 1.1));
    await expect(checkAgainstFramework(run, { file, inputs, attention: false, device })).rejects.toThrow(/differs from the framework by up to/);
  });
});
