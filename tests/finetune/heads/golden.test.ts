/** The heads of ICD coding against PyTorch, values and every gradient (fixtures/make_golden.py), compiled and by the reference backend. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../finetune/config.js';
import type { Head, HeadInput } from '../../../finetune/heads/head.js';
import { icdCodingHead } from '../../../finetune/heads/icd-coding.js';
import { createRng } from '../../../src/core/rng.js';
import { flattenTree, unflattenTree, type Tree } from '../../../src/core/tree.js';
import type { CodeReader } from '../../../src/encoders/code-reader.js';
import { modelSchema } from '../../../src/encoders/config.js';
import type { ModelSpec } from '../../../src/encoders/visit.js';
import { staticTensor, tf, valueAndGradients, type DeviceName, type Tensor, type Tensors } from '../../../src/engine/index.js';
import { noDropout } from '../../../src/nn/dropout.js';
import { isParameterInit } from '../../../src/nn/parameters.js';
import { runOnce } from '../../encoders/run-once.js';
import { expectAllClose } from '../../support/all-close.js';

interface Case {
  kind: string;
  label_embeddings: string;
  chunks: string;
  parameters: Record<string, { shape: number[]; data: number[] }>;
  logits: number[];
  weights: number[];
  gradients: Record<string, number[]>;
}

interface Fixture {
  sizes: Record<'B' | 'chunks' | 'W' | 'D' | 'L' | 'P' | 'V' | 'C' | 'pieces', number>;
  given: Record<'tokens' | 'table' | 'words' | 'visit' | 'mask' | 'present' | 'coefficients' | 'rows' | 'wanted', number[]> & { titles: number[][] };
  cases: Case[];
}

const { sizes, given, cases } = JSON.parse(fs.readFileSync(new URL('fixtures/heads.json', import.meta.url), 'utf8')) as Fixture;
const { B, chunks, W, D, L, P, V, C, pieces } = sizes;
const wanted = Int32Array.from(given.wanted);

const spec = {
  config: modelSchema.parse({ text: { width: D, heads: 1, max_tokens: chunks * W, window: W }, codes: { width: C, heads: 1, ontology_heads: 1 }, reader: { width: P } }),
  tokens: pieces,
  ontologies: {},
} as ModelSpec;

const headOf = ({ kind, label_embeddings, chunks: pooling }: Case): Head => {
  const config = finetuneSchema.parse({ head: { kind, label_embeddings, chunks: pooling } }).head;
  const labels = { groups: [{ kind: 'dx' as const, rows: Int32Array.from(given.rows) }], shares: new Array<number>(L).fill(0.1), titles: given.titles.map((ids) => Int32Array.from(ids)) };
  return icdCodingHead({ config, inputs: ['text'], labels });
};

const inputOf = (p: Tensors, inputs: Tensors): HeadInput<Tree<Tensor>> => {
  const tree = unflattenTree(Object.entries(p)) as Record<string, unknown>;
  const text = { tokens: p['tokens']!, mask: inputs['mask']!, visit: inputs['visit']!, present: inputs['present']! };
  const visit = { text, chunks, codes: {}, alone: {}, tables: { dx: p['table']! } };
  return { p: tree as Tree<Tensor>, reader: tree['reader'] as CodeReader, visit, words: p['words']!, inputs, dropout: noDropout };
};

const floats = (values: readonly number[]): Float32Array => Float32Array.from(values);

/** Logits, those of the wanted labels, their attention, and the gradient by everything that may have one. */
function run(one: Case, device: DeviceName) {
  const head = headOf(one);
  const learnt = {
    ...one.parameters,
    tokens: { shape: [B, chunks * W, D], data: given.tokens },
    table: { shape: [V, C], data: given.table },
    words: { shape: [pieces, D], data: given.words },
  };
  const fixed = [
    { name: 'visit', shape: [B, D], data: floats(given.visit) },
    { name: 'mask', shape: [B, chunks * W], data: Uint8Array.from(given.mask) },
    { name: 'present', shape: [B], data: Uint8Array.from(given.present) },
    { name: 'coefficients', shape: [B, L], data: floats(given.coefficients) },
  ];
  return runOnce(
    [...fixed, ...Object.entries(learnt).map(([name, { shape, data }]) => ({ name, shape, data: floats(data) }))],
    (inputs) => {
      const labels = staticTensor(wanted, [wanted.length]);
      const parameters = Object.fromEntries(Object.keys(learnt).map((name) => [name, inputs[name]!]));
      const { gradients, extra } = valueAndGradients((p) => {
        const input = inputOf(p, inputs);
        const logits = head.logits(input, spec);
        const explained = head.explain?.(input, spec, labels);
        const some = head.logits(input, spec, labels);
        return { value: tf.sum(tf.mul(logits, inputs['coefficients']!)), logits, some, ...(explained && { weights: explained.weights_BLN, scores: explained.scores_BL }) } as { value: Tensor } & Tensors;
      }, parameters);
      return { ...(extra as Tensors), ...Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [`gradient/${name}`, gradient])) };
    },
    device,
  );
}

const named = cases.map((one): [string, Case] => [`${one.kind}, ${one.label_embeddings}, ${one.chunks}`, one]);

describe.each(named)('%s', (_, one) => {
  it('has the parameters of the paper', () => {
    const shapes = Object.fromEntries(flattenTree(headOf(one).init(createRng(1), spec), isParameterInit).map(([path, { shape }]) => [path, [...shape]]));
    const ofHead = Object.fromEntries(Object.entries(one.parameters).filter(([name]) => !name.startsWith('reader.')).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual(ofHead);
  });

  it.each(['reference', 'cpu'] as const)('has the logits, attention and gradients of PyTorch (%s)', async (device) => {
    const outputs = await run(one, device);
    const close = (name: string, expected: readonly number[]) => expectAllClose(outputs[name]!, expected, { rtol: 2e-4, atol: 1e-4, label: name });
    close('logits', one.logits);
    const some = Array.from({ length: B }, (_, b) => given.wanted.map((label) => one.logits[b * L + label]!)).flat();
    close('some', some);
    if (one.kind === 'cls') expect(outputs['weights']).toBeUndefined();
    else {
      close('weights', one.weights);
      close('scores', some);
    }
    for (const [name, gradient] of Object.entries(one.gradients)) close(`gradient/${name}`, gradient);
    const zero = Object.keys(outputs).filter((name) => name.startsWith('gradient/') && outputs[name]!.some((value) => value !== 0));
    expect(zero.map((name) => name.slice('gradient/'.length)).filter((name) => !(name in one.gradients))).toEqual([]);
  });
});
