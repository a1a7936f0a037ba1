/** Strict comparison of arrays: relative and absolute tolerance, NaN equals only NaN, infinities only themselves. */
import { expect } from 'vitest';

export interface Tolerance {
  relative?: number;
  absolute?: number;
}

const close = (actual: number, expected: number, { relative = 2e-5, absolute = 2e-6 }: Tolerance): boolean =>
  Object.is(actual, expected) || actual === expected || Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);

/** `relative` is to the element, `absolute` to the largest element (at least 1). */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance: Tolerance = {}): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]!));
  const scaled = { ...tolerance, absolute: (tolerance.absolute ?? 2e-6) * scale };
  for (let i = 0; i < expected.length; i++) {
    if (!close(actual[i]!, expected[i]!, scaled)) expect.fail(`${what}[${i}]: got ${actual[i]}, expected ${expected[i]}`);
  }
}
