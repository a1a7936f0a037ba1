/** Graph attention: dense masked attention, permutations, finite differences, races. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { silentLogger } from '../../src/core/log.js';
import { graphAttention, openDevice, planEdges, tf, valueAndGradients, type Buffers, type Device, type TensorSpec } from '../../src/engine/index.js';
import { ABSENT, tabulate } from '../../src/engine/ops/segments.js';
import { expectClose } from './allclose.js';
import { randomGraph } from './op-cases.js';

const HEADS = 3;
const WIDTH = 5;

interface Graph {
  source: Int32Array;
  target: Int32Array;
  nodes: number;
}

const draw = (seed: number, length: number): Float32Array => {
  const rng = createRng(seed, 'values');
  return Float32Array.from({ length }, () => rng.normal());
};
const inputsOf = ({ nodes }: Graph, seed: number) => ({ h: draw(seed, nodes * HEADS * WIDTH), s: draw(seed + 1, HEADS * WIDTH), t: draw(seed + 2, HEADS * WIDTH) });
type Inputs = ReturnType<typeof inputsOf>;

/** The definition, edge by edge, in double precision. */
function dense({ source, target, nodes }: Graph, { h, s, t }: Inputs): Float32Array {
  const out = new Float32Array(nodes * HEADS * WIDTH);
  const dot = (node: number, head: number, vector: Float32Array): number =>
    Array.from({ length: WIDTH }, (_, k) => h[(node * HEADS + head) * WIDTH + k]! * vector[head * WIDTH + k]!).reduce((a, b) => a + b, 0);
  for (let node = 0; node < nodes; node++) {
    const edges = [...target.keys()].filter((e) => target[e] === node);
    for (let head = 0; head < HEADS; head++) {
      const exponentials = edges.map((e) => {
        const z = dot(source[e]!, head, s) + dot(node, head, t);
        return Math.exp(z > 0 ? z : 0.2 * z);
      });
      const total = exponentials.reduce((a, b) => a + b, 0);
      edges.forEach((e, i) => {
        for (let k = 0; k < WIDTH; k++) out[(node * HEADS + head) * WIDTH + k]! += (exponentials[i]! / total) * h[(source[e]! * HEADS + head) * WIDTH + k]!;
      });
    }
  }
  return out;
}

async function attend(device: Device, graph: Graph, inputs: Inputs): Promise<Buffers> {
  const plan = planEdges(graph.source, graph.target, graph.nodes);
  const specs: TensorSpec[] = [
    { name: 'h', shape: [graph.nodes, HEADS, WIDTH], dtype: 'float32' }, { name: 's', shape: [HEADS, WIDTH], dtype: 'float32' }, { name: 't', shape: [HEADS, WIDTH], dtype: 'float32' },
  ];
  const program = await device.compile((given) => {
    const { value, gradients, extra } = valueAndGradients((p) => {
      const scores = tf.stack([p.s!, p.t!].map((vector) => tf.sum(tf.mul(p.h!, vector), -1)), 1);
      const y = graphAttention({ values: p.h!, scores }, plan);
      return { value: tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(0, y.size)), y.shape))), y };
    }, { h: given.h!, s: given.s!, t: given.t! });
    return { value, y: extra.y!, dh: gradients.h!, ds: gradients.s!, dt: gradients.t! };
  }, specs);
  const call = program.bind({ ...inputs });
  await call.run();
  program.dispose();
  return call.outputs;
}

const graphs = fc.integer({ min: 1, max: 13 }).chain((nodes) =>
  fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { minLength: 1, maxLength: 60 }).map((edges): Graph => ({
    nodes, source: Int32Array.from(edges, ([a]) => a), target: Int32Array.from(edges, ([, b]) => b),
  })));

describe.each(['cpu', 'reference'])('graph attention on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name, silentLogger());
  });

  it('equals dense attention on any graph', () =>
    fc.assert(fc.asyncProperty(graphs, fc.nat(1000), async (graph, seed) => {
      const inputs = inputsOf(graph, seed);
      expectClose((await attend(device, graph, inputs)).y!, dense(graph, inputs), 'attention', { relative: 1e-4, absolute: 1e-5 });
    }), { numRuns: 25, seed: 7 }));

  it('follows a renaming of the nodes', () =>
    fc.assert(fc.asyncProperty(graphs, fc.nat(1000), async (graph, seed) => {
      const order = createRng(seed, 'order').shuffle([...Array(graph.nodes).keys()]);
      const place = (ids: Int32Array): Int32Array => ids.map((id) => order.indexOf(id));
      const rows = (x: ArrayLike<number>): number[] => order.flatMap((node) => Array.from({ length: HEADS * WIDTH }, (_, k) => x[node * HEADS * WIDTH + k]!));
      const inputs = inputsOf(graph, seed);
      const renamed = { nodes: graph.nodes, source: place(graph.source), target: place(graph.target) };
      const [before, after] = [await attend(device, graph, inputs), await attend(device, renamed, { ...inputs, h: Float32Array.from(rows(inputs.h)) })];
      expectClose(after.y!, rows(before.y!), 'renamed', { relative: 1e-4, absolute: 1e-5 });
    }), { numRuns: 15, seed: 8 }));

  it('has the gradient of its finite differences', async () => {
    const graph: Graph = { nodes: 7, ...randomGraph(7, 23) };
    const inputs = inputsOf(graph, 5);
    const analytic = await attend(device, graph, inputs);
    const value = (changed: Inputs): number => dense(graph, changed).reduce((sum, y, i) => sum + y * Math.sin(i), 0);
    const step = 1e-2;
    for (const [key, gradient] of [['h', analytic.dh!], ['s', analytic.ds!], ['t', analytic.dt!]] as const) {
      for (let i = 0; i < gradient.length; i += 3) {
        const shifted = (by: number): Inputs => ({ ...inputs, [key]: inputs[key].with(i, inputs[key][i]! + by) });
        const numeric = (value(shifted(step)) - value(shifted(-step))) / (2 * step);
        expect(Math.abs(numeric - gradient[i]!), `d${key}[${i}]: ${gradient[i]}, finite difference ${numeric}`).toBeLessThan(0.02 * Math.max(1, Math.abs(numeric)));
      }
    }
  });
});

describe('on a hub with a thousand edges', () => {
  it('loses no update, run after run', async () => {
    const edges = 5000;
    const graph: Graph = { nodes: 101, source: Int32Array.from({ length: edges }, (_, e) => e % 101), target: Int32Array.from({ length: edges }, (_, e) => (e % 5 ? 0 : e % 101)) };
    const device = await openDevice('cpu', silentLogger());
    const inputs = inputsOf(graph, 1);
    const first = await attend(device, graph, inputs);
    expectClose(first.y!, dense(graph, inputs), 'hub', { relative: 1e-3, absolute: 1e-5 });
    for (let run = 0; run < 3; run++) expect(Buffer.from((await attend(device, graph, inputs)).dh!.buffer).equals(Buffer.from(first.dh!.buffer))).toBe(true);
  });

  it('refuses ids outside the graph, and edges to nodes that do not attend', () => {
    expect(() => planEdges(Int32Array.of(0, 7), Int32Array.of(0, 1), 7)).toThrow('source[1] is 7, expected a node in [0, 7)');
    expect(() => planEdges(Int32Array.of(0, 5), Int32Array.of(0, 1), 7, Int32Array.of(0, 3))).toThrow('target[1] is 1, which is not among the 2 nodes that attend');
  });
});

describe('tables of segments', () => {
  it('hold every row once, in the order of its segment, and at most a quarter more', () =>
    fc.assert(fc.property(fc.array(fc.nat(11), { maxLength: 400 }), (segmentOf) => {
      const tables = tabulate(Int32Array.from(segmentOf));
      const held = tables.flatMap(({ segments, width, rows }) => Array.from(segments, (segment, s) => ({ segment, width, rows: rows.subarray(s * width, (s + 1) * width) })));
      for (const { segment, width, rows } of held) {
        const own = segmentOf.flatMap((other, row) => (other === segment ? [row] : []));
        expect(Array.from(rows)).toEqual([...own, ...new Array<number>(width - own.length).fill(ABSENT)]);
        expect(width).toBeLessThanOrEqual(1.25 * own.length);
      }
      expect(held.map(({ segment }) => segment).sort((a, b) => a - b)).toEqual([...new Set(segmentOf)].sort((a, b) => a - b));
    }), { numRuns: 50, seed: 3 }));
});
