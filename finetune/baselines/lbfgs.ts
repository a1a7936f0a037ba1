/**
 * Limited-memory BFGS for smooth convex functions (Nocedal & Wright 2006, algorithm 7.5), with a backtracking line search; one independent problem
 * a lane, all evaluated together.
 */
import { addScaledLanes, dotLanes, LANES, type LaneValues, laneValues } from './lanes.js';

/** Values at x, one for each lane; writes the gradients into its second argument. Both arguments are laned vectors. */
export type Objective = (x: Float64Array, gradient: Float64Array) => LaneValues;

export interface LbfgsOptions {
  /** A lane stops when its gradient is this small relative to that of its start. */
  tolerance: number;
  maxIterations: number;
  /** Number of past steps that approximate the curvature. */
  memory: number;
  /** The inverse of an estimate of the Hessian's diagonal, laned; the better, the fewer iterations. By default 1. */
  inverseDiagonal?: Float64Array;
}

export interface Minimum {
  /** Laned. */
  x: Float64Array;
  iterations: number;
  /** Of the objective, those of the line searches among them. */
  evaluations: number;
  converged: boolean[];
}

/** A step and the change of the gradient along it, laned; lanes that did not move have rho 0 and are passed over. */
interface Curvature {
  step: Float64Array;
  change: Float64Array;
  /** 1 / (stepᵀ change) */
  rho: LaneValues;
  /** stepᵀ change / (changeᵀ D change), with D the inverse diagonal. */
  scale: LaneValues;
}

interface Point {
  x: Float64Array;
  value: LaneValues;
  gradient: Float64Array;
}

const SUFFICIENT_DECREASE = 1e-4;
const SMALLEST_STEP = 2 ** -40;

export function minimise(toMinimise: Objective, start: Float64Array, { tolerance, maxIterations, memory, inverseDiagonal }: LbfgsOptions): Minimum {
  let evaluations = 0;
  const objective: Objective = (x, gradient) => (evaluations++, toMinimise(x, gradient));
  const inverse = inverseDiagonal ?? new Float64Array(start.length).fill(1);
  let point = evaluate(objective, start.slice());
  const target = norms(point.gradient).map((norm) => tolerance * norm);
  const history: Curvature[] = [];
  /** 1 where rounding leaves nothing to gain. */
  const stuck = laneValues();
  for (let iteration = 0; ; iteration++) {
    const converged = Array.from(norms(point.gradient), (norm, lane) => norm <= target[lane]!);
    const moves = laneValues().map((_, lane) => (converged[lane] || stuck[lane] ? 0 : 1));
    if (iteration === maxIterations || !moves.includes(1)) return { x: point.x, iterations: iteration, evaluations, converged };
    const direction = quasiNewton(point.gradient, history, inverse);
    const next = lineSearch(objective, point, { direction, moves });
    next.sizes.forEach((size, lane) => (stuck[lane] = moves[lane] && !size ? 1 : stuck[lane]!));
remember(history, { step: difference(next.x, point.x), change: difference(next.gradient, point.gradient) }, { memory, inverse });
    point = next;
  }
}

function evaluate(objective: Objective, x: Float64Array): Point {
  const gradient = new Float64Array(x.length);
  return { x, gradient, value: objective(x, gradient) };
}

/** −H g, with H the inverse Hessian that the diagonal and the remembered steps suggest. */
function quasiNewton(gradient: Float64Array, history: readonly Curvature[], inverse: Float64Array): Float64Array {
  const direction = negated(gradient);
  const weights: LaneValues[] = [];
  for (const { step, change, rho } of [...history].reverse()) {
    const weight = multiply(rho, dotLanes(step, direction));
    addScaledLanes(direction, change, weight.map((w) => -w));
    weights.unshift(weight);
  }
  for (let i = 0; i < direction.length; i++) direction[i]! *= inverse[i]!;
  scaleLanes(direction, curvatureScale(history));
  history.forEach(({ step, change, rho }, i) => {
    const back = multiply(rho, dotLanes(change, direction));
    addScaledLanes(direction, step, weights[i]!.map((weight, lane) => weight - back[lane]!));
  });
  return direction;
}

/** How far the diagonal is off along the newest step of each lane. */
function curvatureScale(history: readonly Curvature[]): LaneValues {
  return laneValues().map((_, lane) => history.findLast(({ rho }) => rho[lane]! > 0)?.scale[lane] ?? 1);
}

/** Halves the step of a lane until its value falls enough (Armijo). @returns the new point and each lane's step size, 0 where it stays */
function lineSearch(objective: Objective, { x, value, gradient }: Point, { direction, moves }: { direction: Float64Array; moves: LaneValues }): Point & { sizes: LaneValues } {
  const slopes = dotLanes(gradient, direction);
  const sizes = moves.slice();
  for (;;) {
    const moved = x.slice();
    addScaledLanes(moved, direction, sizes);
    const next = evaluate(objective, moved);
    const falls = (size: number, lane: number): boolean => size === 0 || next.value[lane]! <= value[lane]! + SUFFICIENT_DECREASE * size * slopes[lane]!;
    if (sizes.every(falls)) return { ...next, sizes };
    sizes.forEach((size, lane) => {
      if (!falls(size, lane)) sizes[lane] = size > SMALLEST_STEP ? size / 2 : 0;
    });
  }
}

/** Steps without positive curvature (none taken, or rounding) would spoil the approximation. */
function remember(history: Curvature[], { step, change }: Pick<Curvature, 'step' | 'change'>, { memory, inverse }: { memory: number; inverse: Float64Array }): void {
  const products = dotLanes(step, change);
  const floors = multiply(norms(step), norms(change));
  const rho = products.map((product, lane) => (product > 1e-12 * floors[lane]! ? 1 / product : 0));
  const scaled = change.slice();
  for (let i = 0; i < scaled.length; i++) scaled[i]! *= inverse[i]!;
  const squares = dotLanes(change, scaled);
  history.push({ step, change, rho, scale: squares.map((square, lane) => products[lane]! / square) });
  if (history.length > memory) history.shift();
}

const norms = (a: Float64Array): LaneValues => dotLanes(a, a).map(Math.sqrt);

const multiply = (a: LaneValues, b: LaneValues): LaneValues => a.map((value, lane) => value * b[lane]!);

// Plain loops: `map` with a function takes several times as long.
function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}

function negated(a: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = -a[i]!;
  return result;
}

function scaleLanes(x: Float64Array, factors: LaneValues): void {
  for (let i = 0; i < x.length; i++) x[i]! *= factors[i % LANES]!;
}
