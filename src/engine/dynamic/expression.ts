/** How a number of a graph follows from the extents of axes: offset + factor · the product of some extents. */
import type { Extents } from './extents.js';

export interface Expression {
  offset: number;
  factor: number;
  /** None: the number is `offset`. */
  axes: readonly string[];
}

export const constantExpression = (offset: number): Expression => ({ offset, factor: 0, axes: [] });

export const evaluate = ({ offset, factor, axes }: Expression, extents: Extents): number => offset + factor * product(axes, extents);

const product = (axes: readonly string[], extents: Extents): number => axes.reduce((value, axis) => value * extents[axis]!, 1);

/** As dimensions are named in a model: `batch`, `chunks*tokens`, `tokens+4`. */
export function describeExpression({ offset, factor, axes }: Expression): string | number {
  if (!axes.length) return offset;
  return `${[...(factor === 1 ? [] : [factor]), ...axes].join('*')}${offset === 0 ? '' : `${offset > 0 ? '+' : ''}${offset}`}`;
}

/**
 * The simplest expression that gives all of the values: without an offset if there is one, of as few axes as can be.
 * @param values one for each of the extents @returns undefined when there is none
 */
export function solve(values: readonly number[], extents: readonly Extents[]): Expression | undefined {
  if (values.every((value) => value === values[0])) return constantExpression(values[0]!);
  const fitting = subsets(Object.keys(extents[0]!)).flatMap((axes) => solveWith(axes, values, extents) ?? []);
  return fitting.sort((a, b) => Number(a.offset !== 0) - Number(b.offset !== 0) || a.axes.length - b.axes.length)[0];
}

function solveWith(axes: readonly string[], values: readonly number[], extents: readonly Extents[]): Expression | undefined {
  const products = extents.map((one) => product(axes, one));
  const other = products.findIndex((value) => value !== products[0]);
  if (other < 0) return undefined;
  const factor = (values[0]! - values[other]!) / (products[0]! - products[other]!);
  const expression = { offset: values[0]! - factor * products[0]!, factor, axes };
  return Number.isInteger(factor) && factor !== 0 && extents.every((one, t) => evaluate(expression, one) === values[t]) ? expression : undefined;
}

/** All but the empty one. */
const subsets = (names: readonly string[]): string[][] =>
  names.reduce<string[][]>((all, name) => [...all, [name], ...all.map((subset) => [...subset, name])], []);
