/** Matrix products, counted from shapes: what a program cannot do without, and the yardstick of its speed. */

/** a · b, each [batch..., rows, columns] as stored; `transposeA`/`transposeB` as in the program. */
export interface Product {
  a: number[];
  b: number[];
  transposeA: boolean;
  transposeB: boolean;
  /** How many of it there are. */
  count: number;
}

/** Forward only, or with the gradients of the weights and of the inputs. */
export type Pass = 'inference' | 'training';

export interface LinearShape {
  rows: number;
  inputs: number;
  outputs: number;
  count?: number;
  /** Maps side by side, each of its own input, as one batched product. */
  maps?: number;
  /** False where the input comes from outside, so that training needs no gradient of it. */
  inputGradient?: boolean;
}

/** x Wᵀ forward; dy W for the input; dyᵀ x for the weight. */
export function linearProducts({ rows, inputs, outputs, count = 1, maps, inputGradient = true }: LinearShape, pass: Pass): Product[] {
  const [x, dy, weight] = [[rows, inputs], [rows, outputs], [outputs, inputs]].map((shape) => (maps === undefined ? shape : [maps, ...shape])) as [number[], number[], number[]];
  const forward = { a: x, b: weight, transposeA: false, transposeB: true, count };
  if (pass === 'inference') return [forward];
  const ofInput = { a: dy, b: weight, transposeA: false, transposeB: false, count };
  return [forward, ...(inputGradient ? [ofInput] : []), { a: dy, b: x, transposeA: true, transposeB: false, count }];
}

export interface AttentionShape {
  /** Sequences. */
  batch: number;
  heads: number;
  queries: number;
  keys: number;
  headWidth: number;
}

/** q kᵀ and p v forward; dp = dc vᵀ, dv = pᵀ dc, dq = ds k and dk = dsᵀ q backward. */
export function attentionProducts({ batch, heads, queries, keys, headWidth }: AttentionShape, pass: Pass): Product[] {
  const q = [batch, heads, queries, headWidth];
  const k = [batch, heads, keys, headWidth];
  const scores = [batch, heads, queries, keys];
  const count = pass === 'training' ? 2 : 1;
  const forward = [
    { a: q, b: k, transposeA: false, transposeB: true, count },
    { a: scores, b: k, transposeA: false, transposeB: false, count },
  ];
  return pass === 'training' ? [...forward, { a: scores, b: q, transposeA: true, transposeB: false, count }] : forward;
}

/** The same products, `count` times over. */
export const repeated = (products: readonly Product[], count: number): Product[] => products.map((product) => ({ ...product, count: count * product.count }));

/** Equal products as one. */
export function merged(products: readonly Product[]): Product[] {
  const byShape = new Map<string, Product>();
  for (const { count, ...shape } of products) {
    const key = JSON.stringify(shape);
    byShape.set(key, { ...shape, count: count + (byShape.get(key)?.count ?? 0) });
  }
  return [...byShape.values()].filter(({ count }) => count > 0);
}

/** Floating-point operations of one product: a multiplication and an addition for each term. */
export function productFlops({ a, b, transposeA, transposeB }: Omit<Product, 'count'>): number {
  const rows = a.at(transposeA ? -1 : -2)!;
  const inner = a.at(transposeA ? -2 : -1)!;
  const columns = b.at(transposeB ? -2 : -1)!;
  return 2 * rows * inner * columns * a.slice(0, -2).reduce((product, extent) => product * extent, 1);
}

export const totalFlops = (products: readonly Product[]): number => products.reduce((sum, product) => sum + product.count * productFlops(product), 0);
