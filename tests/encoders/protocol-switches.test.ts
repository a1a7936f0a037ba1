/** What the switches of the model do, by hand: [CLS] as a key, padding in cross-attention, codes of another kind in a sequence. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { flattenTree, unflattenTree, type Tree } from '../../src/core/tree.js';
import { encodeCodes, initCodeEncoder, type CodeEncoder } from '../../src/encoders/codes.js';
import { modelSchema } from '../../src/encoders/config.js';
import { crossAttend, type Fusion } from '../../src/encoders/fusion.js';
import { planOntology } from '../../src/encoders/ontology-embedding.js';
import { encodeVisit, initVisitEncoder } from '../../src/encoders/visit.js';
import type { Tensor, Tensors } from '../../src/engine/index.js';
import { noDropout } from '../../src/nn/dropout.js';
import { constantInit, initialValuesOf, isParameterInit, valuesInit, type ParameterInit } from '../../src/nn/parameters.js';
import { expectAllClose } from '../support/all-close.js';
import { runOnce, type NamedValues } from './run-once.js';

const CLOSE = { rtol: 1e-5, atol: 1e-6 };

const identity = (width: number): ParameterInit => valuesInit([width, width], Array.from({ length: width * width }, (_, i) => Number(i % (width + 1) === 0)));
const linear = (weight: ParameterInit) => ({ weight, bias: constantInit([weight.shape[0]!], 0) });
const nothing = (outputs: number, inputs: number) => linear(constantInit([outputs, inputs], 0));
/** Queries and keys of 0: attention is even over whatever is a key, and hands the values on. */
const evenAttention = (width: number) => ({ query: nothing(width, width), key: nothing(width, width), value: linear(identity(width)) });

const leavesOf = (tree: object): NamedValues[] =>
  flattenTree(tree as Tree<ParameterInit>, isParameterInit).map(([name, init]) => ({ name: `p.${name}`, shape: init.shape, data: initialValuesOf(init) }));
const treeOf = (tensors: Tensors): unknown => unflattenTree(Object.entries(tensors).filter(([name]) => name.startsWith('p.')).map(([name, tensor]) => [name.slice(2), tensor]));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const normed = (x: readonly number[]): number[] => {
  const deviation = Math.sqrt(mean(x.map((value) => (value - mean(x)) ** 2)) + 1e-6);
  return x.map((value) => (value - mean(x)) / deviation);
};
const plus = (...rows: readonly (readonly number[])[]): number[] => rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
const meanRow = (rows: readonly (readonly number[])[]): number[] => plus(...rows).map((value) => value / rows.length);

describe('model.codes.mask_cls', () => {
  // One layer, width 3, three positions: [CLS] = (1, 3, -2) and two codes.
  const special = [[0, 0, 0], [1, 3, -2], [0, 0, 0], [0, 0, 0]];
  const table = [[5, -1, 2], [2, 7, 1]];
  const encode = async (mask_cls: boolean, mask: number[]): Promise<number[]> => {
    const config = modelSchema.parse({ codes: { width: 3, layers: 1, heads: 1, feed_forward: 5, ontology_heads: 1, embedding: 'table', mask_cls } }).codes;
    const initial = initCodeEncoder(createRng(1), config, { dx: planOntology({ leaves: 2, nodes: 3, parent: Int32Array.of(2, 2, -1) }) });
    const layer = { ...initial.layer!['0']!, attention: evenAttention(3), attention_output: linear(identity(3)), feed_forward_out: nothing(3, 5) };
    const embeddings = { dx: { special: valuesInit([4, 3], special.flat()), type: constantInit([1, 3], 0), table: valuesInit([2, 3], table.flat()) } };
    const values = [
      ...leavesOf({ ...initial, embeddings, layer: { '0': layer } }),
      { name: 'ids', shape: [1, 3], data: Int32Array.of(1, 4, 5) },
      { name: 'mask', shape: [1, 3], data: Uint8Array.from(mask) },
    ];
    const { visit } = await runOnce(values, (tensors) => {
      const p = treeOf(tensors) as CodeEncoder;
      return { visit: encodeCodes(p, { kind: 'dx', table_VC: p.embeddings['dx']!.table!, ids_BS: tensors['ids']!, mask_BS: tensors['mask']! }, config, noDropout).visit_BC };
    });
    return Array.from(visit!);
  };
  const cls = special[1]!;
  const [first, second] = table as [number[], number[]];
  const afterReading = (keys: number[][]): number[] => normed(plus(cls, meanRow(keys.map(normed))));

  it('false: [CLS] attends to itself and the codes', async () => {
    expectAllClose(await encode(false, [1, 1, 1]), afterReading([cls, first, second]), CLOSE);
    expectAllClose(await encode(false, [1, 1, 0]), afterReading([cls, first]), CLOSE);
  });

  it('true: to the codes only', async () => {
    expectAllClose(await encode(true, [1, 1, 1]), afterReading([first, second]), CLOSE);
    expectAllClose(await encode(true, [1, 1, 0]), afterReading([first]), CLOSE);
  });

  it('true, and no codes: evenly to everything, as a softmax over equal scores does', async () => {
    expectAllClose(await encode(true, [1, 0, 0]), afterReading([cls, first, second]), CLOSE);
  });
});

describe('model.fusion_padding', () => {
  // Two tokens of text and one that is padding; two codes, the second padding. All of width 3, so that values pass as they are.
  const text = [[1, 0, 2], [3, 4, 0], [8, -6, 10]];
  const codes = [[5, 5, 5], [-1, 7, 3]];
  const fuse = async (padding: 'masked' | 'read'): Promise<{ text: number[]; dx: number[] }> => {
    const parameters = { text_to: { dx: evenAttention(3) }, to_text: { dx: evenAttention(3) } };
    const tokens = (name: string, rows: number[][], mask: number[]): NamedValues[] => [
      { name: `${name}.tokens`, shape: [1, rows.length, 3], data: Float32Array.from(rows.flat()) },
      { name: `${name}.mask`, shape: [1, rows.length], data: Uint8Array.from(mask) },
      { name: `${name}.visit`, shape: [1, 3], data: Float32Array.from(rows[0]!) },
    ];
    const present = { name: 'present', shape: [1], data: Uint8Array.of(1) };
    const fused = await runOnce([...leavesOf(parameters), ...tokens('text', text, [1, 1, 0]), ...tokens('dx', codes, [1, 0]), present], (tensors) => {
      const modality = (name: string) => ({ tokens: tensors[`${name}.tokens`]!, mask: tensors[`${name}.mask`]!, visit: tensors[`${name}.visit`]!, present: tensors['present']! });
      const result = crossAttend(treeOf(tensors) as Fusion, modality('text'), { dx: modality('dx') }, padding);
      return { text: result.text, dx: result.codes['dx']! };
    });
    return { text: Array.from(fused['text']!), dx: Array.from(fused['dx']!) };
  };

  it('masked: tokens only', async () => {
    const fused = await fuse('masked');
    expectAllClose(fused.text, plus(text[0]!, codes[0]!), CLOSE);
    expectAllClose(fused.dx, plus(codes[0]!, meanRow(text.slice(0, 2))), CLOSE);
  });

  it('read: padding like tokens', async () => {
    const fused = await fuse('read');
    expectAllClose(fused.text, plus(text[0]!, meanRow(codes)), CLOSE);
    expectAllClose(fused.dx, plus(codes[0]!, meanRow(text)), CLOSE);
  });
});

describe('codes of another kind in a sequence', () => {
  it('have their own kind\'s embedding, and the sequence\'s type', async () => {
    const config = modelSchema.parse({ codes: { width: 4, layers: 0, heads: 1, ontology_heads: 1, embedding: 'table' } });
    const chain = (leaves: number) => planOntology({ leaves, nodes: leaves + 1, parent: Int32Array.from({ length: leaves + 1 }, (_, i) => (i < leaves ? leaves : -1)) });
    const spec = { config, tokens: 7, ontologies: { dx: chain(5), rx: chain(3) } };
    const parameters = leavesOf(initVisitEncoder(createRng(2), spec).codes);
    // A diagnosis, and the second of the medications, which follow the five diagnoses; a medication, and the fourth diagnosis.
    const sequence = (kind: string, ids: number[]): NamedValues[] => [
      { name: `${kind}.ids`, shape: [1, 3], data: Int32Array.from(ids) },
      { name: `${kind}.mask`, shape: [1, 3], data: Uint8Array.of(1, 1, 1) },
      { name: `${kind}.present`, shape: [1], data: Uint8Array.of(1) },
    ];
    const values = [...parameters, ...sequence('dx', [1, 4 + 2, 4 + 5 + 1]), ...sequence('rx', [1, 4 + 0, 4 + 3 + 3])];
    const encoded = await runOnce(values, (tensors) => {
      const encoder = { codes: treeOf(tensors) } as never;
      const visit = encodeVisit(encoder, tensors, spec, { inputs: ['dx', 'rx'], otherKinds: true, dropout: { text: noDropout, codes: noDropout } });
      return { dx: visit.codes['dx']!.tokens, rx: visit.codes['rx']!.tokens } satisfies Record<string, Tensor>;
    });
    const row = (path: string, at: number): number[] => Array.from(parameters.find(({ name }) => name === `p.embeddings.${path}`)!.data.slice(4 * at, 4 * at + 4));
    const token = (kind: string, at: number): number[] => Array.from(encoded[kind]!.slice(4 * at, 4 * at + 4));
    expectAllClose(token('dx', 1), normed(plus(row('dx.table', 2), row('dx.type', 0))), CLOSE);
    expectAllClose(token('dx', 2), normed(plus(row('rx.table', 1), row('dx.type', 0))), CLOSE);
    expectAllClose(token('rx', 2), normed(plus(row('dx.table', 3), row('rx.type', 0))), CLOSE);
    expect(token('dx', 2)).not.toEqual(token('dx', 1));
  });
});
