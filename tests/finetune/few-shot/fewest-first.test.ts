/** The queue of labels against a search through all of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFewestFirst } from '../../../finetune/few-shot/fewest-first.js';

it('always gives a label with the fewest left, each label once, and none that has run out', () => {
  const steps = fc.array(fc.oneof(fc.constant('next' as const), fc.nat({ max: 7 })), { maxLength: 60 });
  fc.assert(fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 }), steps, (counts, operations) => {
    const queue = createFewestFirst(counts);
    const left = new Map(counts.map((count, label) => [label, count]));
    for (const operation of operations) {
      const waiting = [...left].filter(([, count]) => count > 0);
      if (operation !== 'next') {
        if (operation >= counts.length) continue;
        queue.decrement(operation);
        if (left.get(operation)) left.set(operation, left.get(operation)! - 1);
        continue;
      }
      const label = queue.next();
      expect(label === undefined).toBe(waiting.length === 0);
      if (label === undefined) continue;
      expect(left.get(label)).toBe(Math.min(...waiting.map(([, count]) => count)));
      left.delete(label);
    }
  }));
});
