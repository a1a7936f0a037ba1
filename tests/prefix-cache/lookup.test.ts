/** The lookup against a Map of arrays, through growth, collisions and forgetting. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLookup, type Place } from '../../src/prefix-cache/lookup.js';

/** Sixteen bytes; those of one `home` begin their search at the same slot. */
const idOf = (home: number, rest: number): Uint8Array => new Uint8Array(Uint32Array.of(home, rest, 0, rest).buffer);

const placeOf = (n: number): Place => ({ writer: n % 3, segment: n % 5, offset: 1000 * n, bytes: 50 + n });

describe('lookup', () => {
  it('equals a Map of arrays', () => {
    const step = fc.record({ forget: fc.boolean(), home: fc.nat(3), rest: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const lookup = createLookup(1);
        const reference = new Map<string, Place[]>();
        steps.forEach(({ forget, home, rest }, n) => {
          const [id, key] = [idOf(home, rest), `${home} ${rest}`];
          const places = reference.get(key) ?? [];
          const row = lookup.find(id);
          expect(row >= 0).toBe(places.length > 0);
          if (row >= 0) expect(lookup.id(row)).toEqual(id);
          if (forget && row >= 0) {
            const place = lookup.place(row);
            expect(places).toContainEqual(place);
            lookup.forget(row);
            reference.set(key, places.filter(({ offset }) => offset !== place.offset));
          } else if (!forget) {
            lookup.add(id, placeOf(n));
            reference.set(key, [...places, placeOf(n)]);
          }
        });
        const all = [...reference.values()].flat();
        expect(lookup.counts()).toEqual({ entries: [...reference.values()].filter(({ length }) => length).length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) });
        const byOffset = (a: Place, b: Place): number => a.offset - b.offset;
        expect([...lookup.rows()].map(lookup.place).sort(byOffset)).toEqual(all.sort(byOffset));
      }),
      { numRuns: 200 },
    );
  });
});
