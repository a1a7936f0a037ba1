/** Strict numeric comparison: relative plus absolute tolerance, NaN equals only NaN. */
import { expect } from 'vitest';

export interface Tolerance {
  rtol: number;
  atol: number;
  label?: string;
}

export function expectAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, { rtol, atol, label = 'values' }: Tolerance): void {
  expect(actual.length, `${label}: length`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    const close = Object.is(a, e) || (Number.isNaN(a) ? Number.isNaN(e) : Math.abs(a - e) <= atol + rtol * Math.abs(e));
    if (!close) expect.fail(`${label}[${i}]: ${a}, expected ${e} (± ${atol} + ${rtol} relative)`);
  }
}
