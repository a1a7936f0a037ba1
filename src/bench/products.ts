/** The matrix products of one training step of a BERT encoder with a linear head: what the step cannot do without. */

export interface StepShape {
  width: number;
  layers: number;
  heads: number;
  batch: number;
  tokens: number;
  labels: number;
}

/** a · b, each [batch..., rows, columns] as stored; `transposeA`/`transposeB` as in the step. */
export interface Product {
  a: number[];
  b: number[];
  transposeA: boolean;
  transposeB: boolean;
  /** How many of it a step has. */
  count: number;
}

const FEED_FORWARD = 4;

/** x Wᵀ forward; dy W for the input; dyᵀ x for the weight. */
function linearProducts(rows: number, inputs: number, outputs: number, count: number): Product[] {
  const [x, dy, weight] = [[rows, inputs], [rows, outputs], [outputs, inputs]];
  return [
    { a: x, b: weight, transposeA: false, transposeB: true, count },
    { a: dy, b: weight, transposeA: false, transposeB: false, count },
    { a: dy, b: x, transposeA: true, transposeB: false, count },
  ];
}

/** q kᵀ and p v forward; dp = dc vᵀ, dv = pᵀ dc, dq = ds k and dk = dsᵀ q backward. */
function attentionProducts({ width, heads, batch, tokens, layers }: StepShape): Product[] {
  const perHead = [batch, heads, tokens, width / heads];
  const scores = [batch, heads, tokens, tokens];
  return [
    { a: perHead, b: perHead, transposeA: false, transposeB: true, count: 2 * layers },
    { a: scores, b: perHead, transposeA: false, transposeB: false, count: 2 * layers },
    { a: scores, b: perHead, transposeA: true, transposeB: false, count: 2 * layers },
  ];
}

export function stepProducts(shape: StepShape): Product[] {
  const { width, layers, batch, tokens, labels } = shape;
  const rows = batch * tokens;
  return [
    ...linearProducts(rows, width, width, 4 * layers),
    ...linearProducts(rows, width, FEED_FORWARD * width, layers),
    ...linearProducts(rows, FEED_FORWARD * width, width, layers),
    ...attentionProducts(shape),
    ...linearProducts(batch, width, width, 1),
    ...linearProducts(batch, width, labels, 1),
  ];
}

/** Floating-point operations of one product: a multiplication and an addition for each term. */
export function productFlops({ a, b, transposeA, transposeB }: Product): number {
  const rows = a.at(transposeA ? -1 : -2)!;
  const inner = a.at(transposeA ? -2 : -1)!;
  const columns = b.at(transposeB ? -2 : -1)!;
  return 2 * rows * inner * columns * a.slice(0, -2).reduce((product, extent) => product * extent, 1);
}

export const totalFlops = (products: readonly Product[]): number => products.reduce((sum, product) => sum + product.count * productFlops(product), 0);
