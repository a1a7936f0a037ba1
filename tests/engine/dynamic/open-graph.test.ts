/** Functions as graphs with open axes: against plain arithmetic, and what cannot be left open. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticTensor, tf, type ProgramFunction, type Tensor } from '../../../src/engine/index.js';
import { openGraph, runOnce, writeOnnx, type DynamicSpec, type OpenGraphOptions, type WriteOptions } from '../../../src/engine/dynamic/index.js';

let dir: string;
beforeAll(() => void (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-dynamic-'))));
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const X: DynamicSpec = { name: 'x', shape: ['rows', 'columns'], dtype: 'float32' };
const options: OpenGraphOptions = { name: 'test', axes: { rows: {}, columns: {} }, weights: {} };
const description = { name: 'test', description: 'a test', producer: { name: 'medweave', version: '1' }, metadata: { licence: 'none' } };

const open = (fn: ProgramFunction, more: Partial<OpenGraphOptions> = {}) => openGraph(fn, [X], { ...options, ...more });

async function run(graph: Awaited<ReturnType<typeof open>>, rows: number[][], write: WriteOptions = {}) {
  const file = path.join(dir, 'model.onnx');
  writeOnnx(file, graph, description, write);
  return runOnce(file, { x: { type: 'float32', dims: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) } });
}

const weights = { w: { shape: [2], data: Float32Array.of(3, -1) }, table: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) } };

describe('openGraph', () => {
  it('computes targets of reshapes and bounds of slices from the inputs\' shapes', async () => {
    const graph = await open(({ x }) => {
      const [rows, columns] = x!.shape as [number, number];
      const flat = tf.reshape(x!, [rows * columns]);
      return { withoutFirst: tf.slice(flat, [1], [rows * columns - 1]), ones: tf.add(tf.ones([columns, rows]), tf.transpose(x!)) };
    });
    expect(graph.outputs.map(({ shape }) => shape)).toEqual([['rows*columns-1'], ['columns', 'rows']]);
    for (const rows of [[[1, 2, 3], [4, 5, 6]], [[7], [8]]]) {
      const { withoutFirst, ones } = await run(graph, rows);
      expect([...withoutFirst!.data]).toEqual(rows.flat().slice(1));
      expect(ones!.dims).toEqual([rows[0]!.length, rows.length]);
      expect([...ones!.data]).toEqual(rows[0]!.flatMap((_, column) => rows.map((row) => 1 + row[column]!)));
    }
  });

  it('works off ahead of time what depends on weights alone', async () => {
    const graph = await open(({ x, w, table }) => ({ y: tf.add(tf.sum(x!), tf.matMul(tf.reshape(w!, [1, 2]), table!)) }), { weights });
    expect(graph.nodes.map(({ op }) => op)).not.toContain('Gemm');
    expect([...(await run(graph, [[1, 1]]))['y']!.data]).toEqual([2 + 3 - 4, 2 + 6 - 5, 2 + 9 - 6]);
  });

  it('refuses what depends on the extents in other ways, and says what to do', async () => {
    const cases: [RegExp, (x: Tensor) => Tensor][] = [
      [/reads another constant at other extents; fix some of them/, (x) => tf.add(x, staticTensor(Float32Array.from({ length: x.shape[1]! }, (_, i) => i), [x.shape[1]!]))],
      [/another number of operations/, (x) => (x.shape[0]! > 500 ? tf.exp(tf.exp(x)) : tf.exp(x))],
      [/an operation (Exp|Tanh) is another one/, (x) => (x.shape[0]! > 500 ? tf.exp(x) : tf.tanh(x))],
      [/follows from no product of extents/, (x) => tf.slice(x, [0, 0], [Math.floor(x.shape[0]! / 2), 1])],
    ];
    for (const [message, fn] of cases) await expect(open(({ x }) => ({ y: fn(x!) }))).rejects.toThrow(message);
  });

  it('refuses functions that draw noise', async () => {
    await expect(open(({ x }, noise) => ({ y: tf.where(noise.keep('here', x!.shape, 0.5), x!, x!) }))).rejects.toThrow(/draws noise at "here"/);
  });
});

describe('writeOnnx', () => {
  const withWeights = () => open(({ x, table }) => ({ y: tf.matMul(x!, table!) }), { weights: { table: { shape: [2, 300], data: Float32Array.from({ length: 600 }, (_, i) => i) } } });

  it('names axes, values and constants, and says who made it', async () => {
    await run(await withWeights(), [[1, 1]]);
    const model = onnxProto.onnx.ModelProto.decode(fs.readFileSync(path.join(dir, 'model.onnx')));
    expect(model.graph!.input!.map(({ type }) => type!.tensorType!.shape!.dim!.map(({ dimParam }) => dimParam))).toEqual([['rows', 'columns']]);
    expect(model.graph!.initializer!.map(({ name }) => name)).toContain('table');
    expect(model.graph!.node!.every(({ name }) => /^[A-Za-z]\w*$/.test(name!))).toBe(true);
    expect([model.producerName, model.docString, model.metadataProps[0]!.key]).toEqual(['medweave', 'a test', 'licence']);
  });

  it('puts large constants in a second file where one would be too large', async () => {
    const graph = await withWeights();
    const [inside, outside] = [await run(graph, [[2, 3]]), await run(graph, [[2, 3]], { largest: 2000 })];
    expect(outside['y']!.data).toEqual(inside['y']!.data);
    expect(fs.statSync(path.join(dir, 'model.onnx.data')).size).toBe(2400);
    expect(fs.statSync(path.join(dir, 'model.onnx')).size).toBeLessThan(2000);
  });
});
