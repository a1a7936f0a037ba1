/** Code embeddings over hierarchies of uneven depth and fan-out: both passes edge by edge in double precision, gradients by the reference device. */
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { createRng } from '../../src/core/rng.js';
import { embedOntology, planOntology, type OntologyEmbedding, type OntologyNodes } from '../../src/encoders/ontology-embedding.js';
import { openDevice, tf, valueAndGradients, type Buffers, type TensorSpec } from '../../src/engine/index.js';
import { expectClose } from '../engine/allclose.js';

const HEADS = 3;
const HEAD_WIDTH = 5;
const WIDTH = HEADS * HEAD_WIDTH;

/** Two roots; a parent of `many` leaves, another of one; leaves at depths 1 to 4 and one that is a root itself; an inner node without leaves below. */
function unevenForest(many: number): OntologyNodes {
  const leaves = many + 14;
  const [rootA, rootB, hub, category, deep, deeper, childless] = [0, 1, 2, 3, 4, 5, 6].map((i) => leaves + i) as [number, number, number, number, number, number, number];
  const parentOfLeaf = (leaf: number): number => {
    if (leaf < many) return hub;
    return [category, category, deeper, rootB, rootB, deep, deep, deep, deep, deep, category, rootB, rootA, -1][leaf - many]!;
  };
  const inner = new Map([[rootA, -1], [rootB, -1], [hub, rootA], [category, rootA], [deep, rootB], [deeper, deep], [childless, rootB]]);
  return { leaves, nodes: leaves + 7, parent: Int32Array.from({ length: leaves + 7 }, (_, node) => (node < leaves ? parentOfLeaf(node) : inner.get(node)!)) };
}

type Parameters<Values = Float32Array> = Record<keyof OntologyEmbedding, Values>;

const parametersOf = ({ nodes }: OntologyNodes): Parameters => {
  const rng = createRng(5, 'ontology');
  const draw = (length: number, scale: number): Float32Array => Float32Array.from({ length }, () => scale * rng.normal());
  return { nodes: draw(nodes * WIDTH, 1), weight: draw(WIDTH * WIDTH, 0.4), attention_source: draw(WIDTH, 0.7), attention_target: draw(WIDTH, 0.7) };
};

/** One pass as the paper has it: all nodes are mapped, then each attends to those given. */
function attend(x: number[][], p: Parameters<Float64Array>, sourcesOf: (node: number) => number[]): number[][] {
  const h = x.map((row) => Array.from({ length: WIDTH }, (_, o) => row.reduce((sum, value, i) => sum + value * p.weight[o * WIDTH + i]!, 0)));
  const dot = (row: number[], vector: Float64Array, head: number): number => {
    let sum = 0;
    for (let k = head * HEAD_WIDTH; k < (head + 1) * HEAD_WIDTH; k++) sum += row[k]! * vector[k]!;
    return sum;
  };
  return x.map((_, node) => {
    const sources = sourcesOf(node);
    const out = new Array<number>(WIDTH).fill(0);
    for (let head = 0; head < HEADS; head++) {
      const exponentials = sources.map((s) => dot(h[s]!, p.attention_source, head) + dot(h[node]!, p.attention_target, head)).map((z) => Math.exp(z > 0 ? z : 0.2 * z));
      const total = exponentials.reduce((a, b) => a + b, 0);
      sources.forEach((s, i) => {
        for (let k = head * HEAD_WIDTH; k < (head + 1) * HEAD_WIDTH; k++) out[k]! += (exponentials[i]! / total) * h[s]![k]!;
      });
    }
    return out;
  });
}

function expected({ leaves, nodes, parent, repeated = [] }: OntologyNodes, p: Parameters<Float64Array>): number[] {
  const x = Array.from({ length: nodes }, (_, node) => Array.from(p.nodes.subarray(node * WIDTH, (node + 1) * WIDTH)));
  const children = (node: number): number[] => [node, ...[...parent.keys()].filter((child) => parent[child] === node)];
  const ancestors = (node: number): number[] => (node < 0 ? [] : [node, ...ancestors(parent[node]!)]);
  return attend(attend(x, p, children), p, (node) => (node < leaves ? [...ancestors(node), ...repeated.filter((leaf) => leaf === node)] : [node])).slice(0, leaves).flat();
}

async function embed(deviceName: string, forest: OntologyNodes, parameters: Parameters): Promise<Buffers> {
  const device = await openDevice(deviceName, silentLogger());
  const plan = planOntology(forest);
  const shapes = { nodes: [forest.nodes, WIDTH], weight: [WIDTH, WIDTH], attention_source: [HEADS, HEAD_WIDTH], attention_target: [HEADS, HEAD_WIDTH] };
  const specs = Object.entries(shapes).map(([name, shape]): TensorSpec => ({ name, shape, dtype: 'float32' }));
  const program = await device.compile((given) => {
    const { gradients, extra } = valueAndGradients((p) => {
      const y = embedOntology(p as OntologyEmbedding, plan);
      return { value: tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(0, y.size)), y.shape))), y };
    }, given);
    return { y: extra.y!, ...Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [`d ${name}`, gradient])) };
  }, specs);
  const call = program.bind({ ...parameters });
  await call.run();
  program.dispose();
  return call.outputs;
}

const inDoubles = (p: Parameters): Parameters<Float64Array> => ({
  nodes: Float64Array.from(p.nodes), weight: Float64Array.from(p.weight), attention_source: Float64Array.from(p.attention_source), attention_target: Float64Array.from(p.attention_target),
});

/** Of Σ y·sin(i), as parameter `name` moves along `direction`. */
function slope(forest: OntologyNodes, p: Parameters<Float64Array>, name: keyof Parameters, direction: Float64Array): number {
  const step = 1e-5;
  const value = (by: number): number => expected(forest, { ...p, [name]: p[name].map((v, i) => v + by * direction[i]!) }).reduce((sum, y, i) => sum + y * Math.sin(i), 0);
  return (value(step) - value(-step)) / (2 * step);
}

describe('embedOntology', () => {
  const large = unevenForest(1003);
  const small = unevenForest(37);

  it.each([['cpu', large], ['reference', small]] as const)('is two passes of graph attention, on %s', async (device, forest) => {
    const parameters = parametersOf(forest);
    expectClose((await embed(device, forest, parameters)).y!, expected(forest, inDoubles(parameters)), 'embeddings', { relative: 1e-4, absolute: 1e-5 });
  });

  it('has the reference device’s gradients', async () => {
    const parameters = parametersOf(small);
    const [actual, reference] = [await embed('cpu', small, parameters), await embed('reference', small, parameters)];
    for (const name of Object.keys(reference)) expectClose(actual[name]!, reference[name]!, name, { relative: 1e-3, absolute: 2e-5 });
  });

  it('has the slopes of the definition under a thousand children, the same bits in every run', async () => {
    const parameters = parametersOf(large);
    const [first, second] = [await embed('cpu', large, parameters), await embed('cpu', large, parameters)];
    const rng = createRng(11, 'directions');
    for (const name of Object.keys(parameters) as (keyof Parameters)[]) {
      const gradient = first[`d ${name}`]!;
      const direction = Float64Array.from(gradient, () => rng.normal());
      const analytic = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0);
      expectClose([analytic], [slope(large, inDoubles(parameters), name, direction)], name, { relative: 1e-3, absolute: 1e-4 });
      expect(Buffer.from(second[`d ${name}`]!.buffer).equals(Buffer.from(gradient.buffer)), name).toBe(true);
    }
  });

  it('lets a leaf that is repeated attend to itself twice', async () => {
    const forest = { ...small, repeated: [0, 3, small.leaves - 1] };
    const parameters = parametersOf(forest);
    const [once, twice] = [(await embed('cpu', small, parameters)).y!, (await embed('cpu', forest, parameters)).y!];
    expectClose(twice, expected(forest, inDoubles(parameters)), 'embeddings', { relative: 1e-4, absolute: 1e-5 });
    const moved = (leaf: number): number => Math.max(...Array.from({ length: WIDTH }, (_, i) => Math.abs(twice[leaf * WIDTH + i]! - once[leaf * WIDTH + i]!)));
    expect(moved(0)).toBeGreaterThan(1e-2);
    expect(moved(1)).toBeLessThan(1e-5);
    // The last is a root itself: it hears nobody else, however often it hears itself.
    expect(moved(small.leaves - 1)).toBeLessThan(1e-5);
  });

  it('embeds a leaf that training never saw by its ancestors, and nobody else by it', async () => {
    const known = small;
    // Two leaves more: one under the hub, and one under a category of its own below the second root.
    const [leaves, nodes] = [known.leaves + 2, known.nodes + 3];
    const moved = (node: number): number => (node < 0 ? -1 : node < known.leaves ? node : node + 2);
    const [hub, rootB, category] = [moved(known.leaves + 2), moved(known.leaves + 1), nodes - 1];
    const parent = Int32Array.from({ length: nodes }, (_, node) =>
      node === leaves - 2 ? hub : node === leaves - 1 ? category : node === category ? rootB : moved(known.parent[node < leaves ? node : node - 2]!));
    const wider: OntologyNodes = { leaves, nodes, parent, unseen: [leaves - 2, leaves - 1] };
    const parameters = parametersOf(wider);
    const row = (node: number): Float32Array => parameters.nodes.subarray(node * WIDTH, (node + 1) * WIDTH);
    const ofKnown = new Float32Array(known.nodes * WIDTH);
    for (let node = 0; node < known.nodes; node++) ofKnown.set(row(moved(node)), node * WIDTH);
    const [narrow, wide] = [await embed('cpu', known, { ...parameters, nodes: ofKnown }), await embed('cpu', wider, parameters)];
    expectClose(wide.y!.subarray(0, known.leaves * WIDTH), narrow.y!, 'the others', { relative: 1e-5, absolute: 1e-6 });
    // Their own vectors, and that of the category that holds nothing else, count for nothing and learn nothing.
    for (const node of [leaves - 2, leaves - 1, category]) parameters.nodes.fill(9, node * WIDTH, (node + 1) * WIDTH);
    const again = await embed('cpu', wider, parameters);
    expectClose(again.y!, wide.y!, 'embeddings', { relative: 1e-6, absolute: 1e-6 });
    for (const node of [leaves - 2, leaves - 1]) expect([...again['d nodes']!.subarray(node * WIDTH, (node + 1) * WIDTH)].every((d) => d === 0)).toBe(true);
    // Below the hub (a child of the first root) and below the second root they are what these are.
    expect(Math.abs(wide.y![(leaves - 2) * WIDTH]! - wide.y![(leaves - 1) * WIDTH]!)).toBeGreaterThan(1e-3);
  });

  it('without edges is the table, mapped twice', async () => {
    const parameters = parametersOf(small);
    const silent = { ...small, parent: small.parent.map(() => -1) };
    const { weight, nodes } = inDoubles(parameters);
    const map = (x: ArrayLike<number>): number[] => Array.from({ length: WIDTH }, (_, o) => Array.from(x).reduce((sum, value, i) => sum + value * weight[o * WIDTH + i]!, 0));
    const twice = Array.from({ length: small.leaves }, (_, leaf) => map(map(nodes.subarray(leaf * WIDTH, (leaf + 1) * WIDTH)))).flat();
    expectClose((await embed('cpu', silent, parameters)).y!, twice, 'embeddings', { relative: 1e-4, absolute: 1e-5 });
  });

  it('refuses a leaf as a parent', () => {
    expect(() => planOntology({ leaves: 3, nodes: 5, parent: Int32Array.of(3, 4, 1, 4, -1) })).toThrow('is 1, which is not among the 2 nodes that attend');
  });
});
