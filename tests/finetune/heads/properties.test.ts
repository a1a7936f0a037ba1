/** What must hold of every head of ICD coding on a whole model: padding, labels that depend on each other or not, codes never seen in training. */
import { describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../finetune/config.js';
import { icdCodingHead } from '../../../finetune/heads/icd-coding.js';
import type { LabelSpace } from '../../../finetune/heads/label-space.js';
import { taskModel } from '../../../finetune/model.js';
import type { Task } from '../../../finetune/tasks/task.js';
import { flattenTree } from '../../../src/core/tree.js';
import type { ChunkedRows, VisitRows } from '../../../src/encoders/visit-batch.js';
import { isParameterInit } from '../../../src/nn/parameters.js';
import { tinySpec, tinyVisits } from '../../encoders/tiny-model.js';
import { expectAllClose } from '../../support/all-close.js';
import { runHead } from '../run-head.js';

const published = ['per-icd', 'caml', 'laat', 'plm-icd', 'plm-ca', 'cls'] as const;
const kinds = ['label-attention', ...published] as const;

interface Options {
  kind: (typeof kinds)[number] | 'mlp';
  chunks?: 'attend' | 'max';
  label_embeddings?: string;
  labels?: Partial<LabelSpace>;
  inputs?: string[];
}

const titles = [[4, 9], [11], [], [7, 20, 4]].map((ids) => Int32Array.from(ids));
const space: LabelSpace = { groups: [{ kind: 'dx', rows: Int32Array.of(3, 0) }, { kind: 'rx', rows: Int32Array.of(1, 2) }], shares: [0.5, 0.2, 0.1, 0.3], titles };

const tested = ({ kind, chunks = 'attend', label_embeddings, labels, inputs = ['text'] }: Options): Pick<Task, 'inputs' | 'labelKinds' | 'learnt' | 'head'> => {
  const config = finetuneSchema.parse({ head: { kind, chunks, label_embeddings } }).head;
  const all = { ...space, ...labels };
  return { inputs, labelKinds: ['dx', 'rx'], learnt: all.learnt, head: icdCodingHead({ config, inputs, labels: all }) };
};

/** Other words where nothing is read, and a chunk more with nothing in it. */
function padded(rows: VisitRows & { text: ChunkedRows }): VisitRows {
  const { ids, mask, width } = rows.text;
  const other = ids.map((id, i) => (mask[i] ? id : (id + 5) % 29));
  const widen = <Values extends Int32Array | Uint8Array>(values: Values, fill: number): Values => {
    const wide = new (values.constructor as new (length: number) => Values)(3 * 3 * width).fill(fill) as Values;
    for (let visit = 0; visit < 3; visit++) wide.set(values.subarray(visit * 2 * width, (visit + 1) * 2 * width), visit * 3 * width);
    return wide;
  };
  return { ...rows, text: { ...rows.text, chunks: 3, ids: widen(other, 6), mask: widen(mask, 0) } };
}

describe('padding', () => {
  it.each(kinds.flatMap((kind) => (['attend', 'max'] as const).map((chunks) => [kind, chunks] as const)))('%s, %s: neither tokens nor chunks of padding change a score', async (kind, chunks) => {
    const task = tested({ kind, chunks });
    const [plain, wide] = [await runHead(task, { rows: tinyVisits() }), await runHead(task, { rows: padded(tinyVisits()) })];
    expectAllClose(wide['probabilities']!, plain['probabilities']!, { rtol: 1e-5, atol: 1e-7, label: 'probabilities' });
    expect(new Set(plain['probabilities']!.slice(0, 4)).size).toBe(4);
  });

  it.each(published)('%s: a visit without text gets the labels\' frequencies', async (kind) => {
    const { probabilities } = await runHead(tested({ kind }), { rows: tinyVisits() });
    const ofEmpty = probabilities!.slice(4, 8);
    expectAllClose(ofEmpty, kind === 'plm-ca' ? [0.275, 0.275, 0.275, 0.275] : space.shares, { rtol: 1e-5, atol: 0, label: 'frequencies' });
  });
});

describe('parameters', () => {
  it.each(kinds.flatMap((kind) => [undefined, 'codes+titles'].map((embeddings) => [kind, embeddings] as const)))('%s, %s: exactly those that the head names untouched have no gradient', async (kind, label_embeddings) => {
    const task = tested({ kind, label_embeddings });
    const outputs = await runHead(task, { rows: tinyVisits(), device: 'reference' });
    const { inits, untouched } = taskModel(tinySpec(), task, { seed: 3, headDropout: 0 });
    const paths = flattenTree(inits as never, isParameterInit).map(([path]) => path);
    const still = paths.filter((path) => outputs[`gradient/${path}`]!.every((value) => value === 0));
    expect(still.filter((path) => !/key\.bias$|^bert\.pooler\./.test(path) && !untouched(path))).toEqual([]);
    expect(paths.filter((path) => untouched(path) && !still.includes(path))).toEqual([]);
  });

  it('what reads the note only refuses codes, and says what to set', () => {
    expect(() => tested({ kind: 'caml', inputs: ['text', 'rx'] })).toThrow(/finetune\.inputs: the head caml reads the note only, got text \+ rx; set finetune\.inputs: \[text\]/);
  });

  it('titles need text, and someone who has one', () => {
    expect(() => tested({ kind: 'label-attention', label_embeddings: 'titles', inputs: ['dx'] })).toThrow(/label_embeddings: titles share the note's words/);
    expect(() => tested({ kind: 'laat', label_embeddings: 'titles', labels: { titles: titles.map(() => new Int32Array(0)) } })).toThrow(/none of the labels has a title/);
  });
});

describe('per-icd', () => {
  // One document vector for all labels: what one label attends to changes the others' scores. CAML's labels read for themselves.
  it.each([['per-icd', true], ['caml', false]] as const)('%s: another label in its place changes a label\'s score: %s', async (kind, expected) => {
    const only = (labels: Partial<LabelSpace>) => runHead(tested({ kind, label_embeddings: 'codes', labels }), { rows: tinyVisits() });
    const both = await only({ groups: [{ kind: 'dx', rows: Int32Array.of(3, 0) }], shares: [0.5, 0.2], learnt: undefined });
    const twice = await only({ groups: [{ kind: 'dx', rows: Int32Array.of(3, 4) }], shares: [0.5, 0.2], learnt: undefined });
    expect(both['probabilities']![0] !== twice['probabilities']![0]).toBe(expected);
  });
});

describe('codes never seen in training', () => {
  const unseen = { learnt: Int32Array.of(0, 1, 2) };
  const withTitle = (ids: number[]) => ({ ...unseen, titles: [...titles.slice(0, 3), Int32Array.from(ids)] });
  const heads = kinds.map((kind) => [kind] as const);

  it.each(heads)('%s: the score changes with the title, and nobody else\'s does', async (kind) => {
    const scores = async (ids: number[]) => (await runHead(tested({ kind, label_embeddings: 'codes+titles', labels: withTitle(ids) }), { rows: tinyVisits() }))['probabilities']!.slice(0, 4);
    const [one, other] = [await scores([7, 20]), await scores([8])];
    expect(one[3]).not.toBe(other[3]);
    expect(one.slice(0, 3)).toEqual(other.slice(0, 3));
  });

  it.each(heads)('%s: has no parameters of its own that count', async (kind) => {
    const outputs = await runHead(tested({ kind, label_embeddings: 'titles', labels: unseen }), { rows: tinyVisits(), device: 'reference' });
    const own = Object.keys(outputs).filter((name) => /^gradient\/(head\.read\..*\.own|reader\.own\.rx\.)/.test(name));
    const rows = (name: string, row: number): number[] => {
      const values = [...(outputs[name] as Float32Array)];
      const width = values.length / (name.includes('reader') ? 3 : 4);
      return values.slice(row * width, (row + 1) * width);
    };
    const inits = flattenTree(taskModel(tinySpec(), tested({ kind, label_embeddings: 'titles', labels: unseen }), { seed: 3, headDropout: 0 }).inits as never, isParameterInit);
    expect(own.length).toBeGreaterThan(0);
    for (const name of own) {
      if (name.includes('reader')) expect(rows(name, 2).every((value) => value === 0)).toBe(true);
      else {
        const [, init] = inits.find(([path]) => `gradient/${path}` === name)!;
        const values = new Float32Array(init.shape[0]! * init.shape[1]!);
        init.fill(values);
        expect(values.subarray(3 * init.shape[1]!).every((value) => value === 0)).toBe(true);
        expect(values.subarray(0, init.shape[1]!).every((value) => value !== 0)).toBe(true);
      }
    }
  });

  it('must have something to be scored by', () => {
    expect(() => tested({ kind: 'laat', labels: unseen })).toThrow(/finetune\.labels\.extra: .* set finetune\.head\.label_embeddings/);
    expect(() => tested({ kind: 'mlp', labels: unseen })).toThrow(/finetune\.labels\.extra: the perceptron/);
  });
});
