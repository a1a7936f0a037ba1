/** Limited-memory BFGS for smooth convex functions (Nocedal & Wright 2006, algorithm 7.5), with a backtracking line search. */

/** Value at x; writes the gradient into its second argument. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Stop when the gradient is this small relative to that of the start. */
  tolerance: number;
  maxIterations: number;
  /** Number of past steps that approximate the curvature. */
  memory: number;
}

export interface Minimum {
  x: Float64Array;
  iterations: number;
  converged: boolean;
}

/** A step and the change of the gradient along it. */
interface Curvature {
  step: Float64Array;
  change: Float64Array;
  /** 1 / (stepᵀ change) */
  rho: number;
}

const SUFFICIENT_DECREASE = 1e-4;
const SMALLEST_STEP = 2 ** -40;

export function minimise(objective: Objective, start: Float64Array, { tolerance, maxIterations, memory }: LbfgsOptions): Minimum {
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  const target = tolerance * norm(gradient);
  const history: Curvature[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (norm(gradient) <= target) return { x, iterations: iteration, converged: true };
    const next = lineSearch(objective, { x, value, gradient, direction: quasiNewton(gradient, history) });
    if (!next) return { x, iterations: iteration, converged: false };
    remember(history, { step: subtract(next.x, x), change: subtract(next.gradient, gradient) }, memory);
    ({ x, value, gradient } = next);
  }
  return { x, iterations: maxIterations, converged: norm(gradient) <= target };
}

/** −H g, with H the inverse Hessian that the remembered steps suggest; without any, steepest descent of length at most 1. */
function quasiNewton(gradient: Float64Array, history: readonly Curvature[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const last = history.at(-1);
  if (!last) return scale(direction, Math.min(1, 1 / norm(gradient)));
  const weights = history.map(() => 0);
  for (let i = history.length - 1; i >= 0; i--) {
    const { step, change, rho } = history[i]!;
    weights[i] = rho * dot(step, direction);
    addScaled(direction, change, -weights[i]!);
  }
  scale(direction, 1 / (last.rho * dot(last.change, last.change)));
  history.forEach(({ step, change, rho }, i) => addScaled(direction, step, weights[i]! - rho * dot(change, direction)));
  return direction;
}

interface Point {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** Halves the step until the value falls enough (Armijo). @returns undefined when rounding leaves nothing to gain */
function lineSearch(objective: Objective, { x, value, gradient, direction }: Point & { direction: Float64Array }): Point | undefined {
  const slope = dot(gradient, direction);
  for (let size = 1; size > SMALLEST_STEP; size /= 2) {
    const next = { x: x.slice(), gradient: new Float64Array(x.length) };
    addScaled(next.x, direction, size);
    const nextValue = objective(next.x, next.gradient);
    if (nextValue <= value + SUFFICIENT_DECREASE * size * slope) return { ...next, value: nextValue };
  }
  return undefined;
}

/** Steps without positive curvature (rounding, in a convex function) would spoil the approximation. */
function remember(history: Curvature[], { step, change }: Omit<Curvature, 'rho'>, memory: number): void {
  const product = dot(step, change);
  if (product <= 1e-12 * norm(step) * norm(change)) return;
  history.push({ step, change, rho: 1 / product });
  if (history.length > memory) history.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

const subtract = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}

function scale(a: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < a.length; i++) a[i]! *= factor;
  return a;
}
