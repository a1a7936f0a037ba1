/** Numbers of a graph as products of extents. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeExpression, evaluate, solve } from '../../../src/engine/dynamic/expression.js';
import { chooseExtents } from '../../../src/engine/dynamic/extents.js';

const EXTENTS = chooseExtents({ batch: {}, chunks: {}, tokens: { below: 128 }, rx_codes: {} });
const valuesOf = (of: (extents: Record<string, number>) => number): number[] => EXTENTS.map((extents) => of(extents));
const found = (of: (extents: Record<string, number>) => number): string | number | undefined => {
  const expression = solve(valuesOf(of), EXTENTS);
  return expression && describeExpression(expression);
};

describe('solve', () => {
  it('finds constants, axes, products, factors and offsets', () => {
    expect(found(() => 96)).toBe(96);
    expect(found(({ batch }) => batch!)).toBe('batch');
    expect(found(({ batch, chunks, tokens }) => batch! * chunks! * tokens!)).toBe('batch*chunks*tokens');
    expect(found(({ tokens }) => 2 * tokens! + 3)).toBe('2*tokens+3');
    expect(found(({ chunks }) => chunks! - 1)).toBe('chunks-1');
  });

  it('finds nothing for what is no product of extents', () => {
    expect(found(({ tokens, rx_codes }) => tokens! + rx_codes!)).toBeUndefined();
    expect(found(({ tokens }) => Math.floor(tokens! / 2))).toBeUndefined();
    expect(found(({ batch }) => batch! * batch!)).toBeUndefined();
    expect(found(({ tokens }) => Math.ceil(Math.log2(tokens! * 40)))).toBeUndefined();
  });

  it('holds at extents that it was not solved with', () => {
    const axes = ['batch', 'chunks', 'tokens', 'rx_codes'];
    fc.assert(
      fc.property(fc.subarray(axes), fc.integer({ min: 1, max: 12 }), fc.integer({ min: -3, max: 900 }), fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 4, maxLength: 4 }), (chosen, factor, offset, others) => {
        const of = (extents: Record<string, number>): number => offset + (chosen.length ? factor * chosen.reduce((product, axis) => product * extents[axis]!, 1) : 0);
        const elsewhere = Object.fromEntries(axes.map((axis, i) => [axis, others[i]!]));
        expect(evaluate(solve(valuesOf(of), EXTENTS)!, elsewhere)).toBe(of(elsewhere));
      }),
    );
  });
});

describe('chooseExtents', () => {
  it('gives each axis numbers of its own, within its limit', () => {
    const all = EXTENTS.flatMap((extents) => Object.values(extents));
    expect(new Set(all).size).toBe(all.length);
    expect(EXTENTS.every(({ tokens }) => tokens! < 128)).toBe(true);
  });

  it('repeats the extents of a short axis, two at least', () => {
    const tokens = chooseExtents({ tokens: { below: 5 } }).map((extents) => extents['tokens']);
    expect(new Set(tokens)).toEqual(new Set([2, 3]));
  });
});
