/** Arithmetic of shapes. */
import { shapeError } from '../core/errors.js';

export type Shape = readonly number[];

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

export const equalShapes = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** The shape of an elementwise operation. @throws shape error when the operands do not broadcast */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw shapeError(`cannot broadcast [${a}] with [${b}]: axis ${axis} has ${m} and ${n}`);
    return m === 1 ? n : m;
  });
}

/** Axes counted from the front; `undefined` means all. */
export function normalizeAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, axis) => axis);
  return [axes].flat().map((axis) => (axis < 0 ? axis + rank : axis));
}
