/** The heads of the three tasks: compiled against the pure-JavaScript backend, and what each may and may not see. */
import { describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../finetune/config.js';
import { icdCodingHead } from '../../finetune/heads/icd-coding.js';
import { medicationHead } from '../../finetune/heads/medication.js';
import { readmissionHead } from '../../finetune/heads/readmission.js';
import { taskModel } from '../../finetune/model.js';
import type { Task } from '../../finetune/tasks/task.js';
import { flattenTree } from '../../src/core/tree.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import { isParameterInit } from '../../src/nn/parameters.js';
import { tinySpec, tinyVisits } from '../encoders/tiny-model.js';
import { expectAllClose } from '../support/all-close.js';
import { runHead } from './run-head.js';

const kinds = ['label-attention', 'mlp'] as const;
type Kind = (typeof kinds)[number];

const headConfig = (kind: Kind) => finetuneSchema.parse({ head: { kind, queries: 3 } }).head;

type Tested = Pick<Task, 'inputs' | 'labelKinds' | 'head'>;

const coding = (kind: Kind, inputs = ['text', 'rx']): Tested =>
  ({ inputs, labelKinds: ['dx'], head: icdCodingHead({ config: headConfig(kind), inputs, labels: { groups: [{ kind: 'dx', rows: Int32Array.of(3, 0, 4) }], shares: [0.5, 0.2, 0.1] } }) });

const readmission = (kind: Kind, inputs = ['text', 'dx', 'rx']): Tested => ({ inputs, labelKinds: [], head: readmissionHead({ config: headConfig(kind), inputs, share: 0.3 }) });

const medication = (kind: Kind, inputs = ['text', 'dx', 'rx'], current = ['dx']): Tested =>
  ({ inputs: [...new Set([...inputs, ...current])], labelKinds: ['rx'], head: medicationHead({ config: headConfig(kind), inputs, current, labels: { groups: [{ kind: 'rx', rows: Int32Array.of(2, 0) }], shares: [0.5, 0.2] } }) });

/** The second visit has the first as its past, the third both. */
const past: NamedTensor = { name: 'past', shape: [3, 3], dtype: 'float32', data: Float32Array.of(0, 0, 0, 1, 0, 0, 0.5, 0.5, 0) };

const all: [string, Tested, NamedTensor[]][] = kinds.flatMap((kind): [string, Tested, NamedTensor[]][] => [
  [`ICD coding, ${kind}`, coding(kind), []],
  [`ICD coding from codes alone, ${kind}`, coding(kind, ['rx']), []],
  [`readmission, ${kind}`, readmission(kind), []],
  [`readmission from text alone, ${kind}`, readmission(kind, ['text']), []],
  [`medication, ${kind}`, medication(kind), [past]],
  [`medication from codes alone, ${kind}`, medication(kind, ['dx', 'rx']), [past]],
]);

describe('heads', () => {
  it.each(all)('%s: scores and gradients are those of the pure-JavaScript backend', async (_, task, extra) => {
    const [compiled, reference] = [await runHead(task, { rows: tinyVisits(), extra }), await runHead(task, { rows: tinyVisits(), extra, device: 'reference' })];
    for (const [name, value] of Object.entries(reference)) expectAllClose(compiled[name]!, value, { rtol: 2e-4, atol: 2e-6, label: name });
  });

  it.each(all)('%s: exactly the parameters that it names untouched have no gradient', async (_, task, extra) => {
    const outputs = await runHead(task, { rows: tinyVisits(), extra, device: 'reference' });
    const { inits, untouched } = taskModel(tinySpec(), task, { seed: 3, headDropout: 0 });
    const still = flattenTree(inits as never, isParameterInit).map(([path]) => path).filter((path) => outputs[`gradient/${path}`]!.every((value) => value === 0));
    // The tiny batch does not reach everything that a larger one would: keys' biases shift all scores alike, the pooler serves `pooling: cls`.
    const unmoved = (path: string): boolean => /key\.bias$|^bert\.pooler\./.test(path);
    expect(still.filter((path) => !unmoved(path) && !untouched(path))).toEqual([]);
    expect(flattenTree(inits as never, isParameterInit).map(([path]) => path).filter((path) => untouched(path) && !still.includes(path))).toEqual([]);
  });

  it('a recommendation does not see the visit\'s own note and medications, and sees those of the past', async () => {
    const task = medication('label-attention');
    const base = (await runHead(task, { rows: tinyVisits(), extra: [past] }))['probabilities']!;
    const changed = async (edit: (rows: ReturnType<typeof tinyVisits>) => void): Promise<boolean[]> => {
      const rows = tinyVisits();
      edit(rows);
      const scores = (await runHead(task, { rows, extra: [past] }))['probabilities']!;
      return [0, 1, 2].map((visit) => [0, 1].some((label) => scores[2 * visit + label] !== base[2 * visit + label]));
    };
    expect(await changed(({ text }) => text.ids.fill(3, 28, 42))).toEqual([false, false, false]);
    expect(await changed(({ codes }) => codes['rx']!.ids.set([4], 4))).toEqual([false, false, true]);
    expect(await changed(({ text }) => text.ids.fill(3, 0, 14))).toEqual([false, true, true]);
    expect(await changed(({ codes }) => codes['dx']!.ids.set([7], 9))).toEqual([false, false, true]);
  });
});
