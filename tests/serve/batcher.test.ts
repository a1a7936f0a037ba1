/** Batches of concurrent clients: nothing lost, nothing answered twice, order kept, bounds held. */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatcher, QueueFull, type BatcherOptions } from '../../src/serve/batcher.js';

const never = new AbortController().signal;

/** A batcher of numbers that doubles them, with what it was called with. */
function doubling(options: Partial<BatcherOptions<number, number>> & { ms?: number } = {}) {
  const batches: { group: string; items: readonly number[] }[] = [];
  let working = 0;
  const batcher = createBatcher<number, number>({
    batchSize: 5, maxWaitMs: 0, capacity: 1000, ...options,
    async run(group, items) {
      expect(++working, 'one batch at a time').toBe(1);
      batches.push({ group, items });
      await delay(options.ms ?? 1);
      working--;
      if (options.run) return options.run(group, items);
      return items.map((item) => 2 * item);
    },
  });
  return { batcher, batches };
}

describe('a batch', () => {
  it('holds what arrives in the same turn, no more than its size, first come first', async () => {
    const { batcher, batches } = doubling();
    batcher.start();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => batcher.submit('a', [n], never)));
    expect(answers).toEqual([[2], [4], [6], [8], [10], [12], [14]]);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3, 4, 5], [6, 7]]);
  });

  it('holds one group only, and nobody of another group waits behind later ones', async () => {
    const { batcher, batches } = doubling();
    batcher.start();
    await Promise.all([batcher.submit('a', [1], never), batcher.submit('b', [2], never), batcher.submit('a', [3], never)]);
    expect(batches).toEqual([{ group: 'a', items: [1, 3] }, { group: 'b', items: [2] }]);
  });

  it('is not waited for at an idle server', async () => {
    const { batcher } = doubling({ maxWaitMs: 5000 });
    batcher.start();
    const start = performance.now();
    for (const n of [1, 2, 3]) await batcher.submit('a', [n], never);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('waits for clients that were just answered, and no longer than allowed', async () => {
    const { batcher, batches } = doubling({ maxWaitMs: 60, ms: 100 });
    batcher.start();
    await Promise.all([1, 2, 3].map((n) => batcher.submit('a', [n], never)));
    const start = performance.now();
    const first = batcher.submit('a', [4], never);
    await delay(10);
    await Promise.all([first, batcher.submit('a', [5], never)]);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3], [4, 5]]);
    expect(performance.now() - start).toBeGreaterThan(145);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('waits no longer than the last one took', async () => {
    const { batcher } = doubling({ maxWaitMs: 5000, ms: 20 });
    batcher.start();
    await Promise.all([1, 2, 3].map((n) => batcher.submit('a', [n], never)));
    const start = performance.now();
    await batcher.submit('a', [4], never);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('begins at once when all who were expected are back', async () => {
    const { batcher, batches } = doubling({ maxWaitMs: 5000, ms: 1000 });
    batcher.start();
    const twice = async (n: number): Promise<void> => {
      await batcher.submit('a', [n], never);
      await delay(n);
      await batcher.submit('a', [10 * n], never);
    };
    const start = performance.now();
    await Promise.all([1, 2, 3].map(twice));
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3], [10, 20, 30]]);
    expect(performance.now() - start).toBeLessThan(2700);
  });

  it('does not begin before the start', async () => {
    const { batcher, batches } = doubling();
    const answer = batcher.submit('a', [1], never);
    await delay(10);
    expect(batches).toEqual([]);
    batcher.start();
    expect(await answer).toEqual([2]);
  });
});

describe('the queue', () => {
  it('refuses what has no room, and has room again afterwards', async () => {
    const { batcher } = doubling({ capacity: 3 });
    const answer = batcher.submit('a', [1, 2], never);
    await expect(batcher.submit('a', [3, 4], never)).rejects.toThrow(QueueFull);
    const third = batcher.submit('a', [3], never);
    expect(batcher.waiting).toBe(3);
    batcher.start();
    expect(await Promise.all([answer, third])).toEqual([[2, 4], [6]]);
    expect(await batcher.submit('a', [5, 6, 7], never)).toEqual([10, 12, 14]);
  });

  it('drops those who have gone', async () => {
    const { batcher, batches } = doubling();
    const gone = new AbortController();
    const dropped = batcher.submit('a', [1, 2], gone.signal);
    const kept = batcher.submit('a', [3], never);
    gone.abort(new Error('gone'));
    await expect(dropped).rejects.toThrow('gone');
    expect(batcher.waiting).toBe(1);
    batcher.start();
    expect(await kept).toEqual([6]);
    expect(batches.map(({ items }) => items)).toEqual([[3]]);
    await expect(batcher.submit('a', [4], gone.signal)).rejects.toThrow('gone');
  });
});

describe('an item that fails', () => {
  const failing = (bad: number): Partial<BatcherOptions<number, number>> => ({
    async run(_, items) {
      if (items.includes(bad)) throw new Error(`cannot read ${bad}`);
      return items.map((item) => 2 * item);
    },
  });

  it('fails alone', async () => {
    const { batcher, batches } = doubling(failing(2));
    batcher.start();
    const answers = await Promise.allSettled([[1], [2], [3]].map((items) => batcher.submit('a', items, never)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(await batcher.submit('a', [4], never)).toEqual([8]);
  });

  it('ends its own submission, of which nothing more is tried', async () => {
    const { batcher, batches } = doubling(failing(1));
    batcher.start();
    await expect(batcher.submit('a', [1, 2], never)).rejects.toThrow('cannot read 1');
    expect(await batcher.submit('a', [3], never)).toEqual([6]);
    expect(batches.map(({ items }) => items)).toEqual([[1, 2], [1], [3]]);
  });

  it('is also one without a result', async () => {
    const { batcher } = doubling({ run: async (_, items) => items.slice(1) });
    batcher.start();
    await expect(batcher.submit('a', [1], never)).rejects.toThrow('expected 1 results, got 0');
  });
});

it('answers everybody once with their own, whoever comes, goes or fails', async () => {
  const client = fc.record({ items: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 7 }), group: fc.constantFrom('a', 'b'), at: fc.nat(8), leaves: fc.option(fc.nat(8)) });
  await fc.assert(fc.asyncProperty(fc.array(client, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 9 }), fc.nat(4), fc.integer({ min: 3, max: 40 }), async (clients, batchSize, maxWaitMs, capacity) => {
    const bad = 13;
    const worked = new Map<number, number>();
    let unique = 0;
    const batcher = createBatcher<{ id: number; value: number }, number>({
      batchSize, maxWaitMs, capacity,
      async run(group, items) {
        expect(items.length).toBeLessThanOrEqual(batchSize);
        expect(batcher.waiting).toBeLessThanOrEqual(capacity);
        await delay(1);
        if (items.some(({ value }) => value === bad)) throw new Error('bad');
        for (const { id } of items) worked.set(id, (worked.get(id) ?? 0) + 1);
        return items.map(({ value }) => (group === 'a' ? 2 : 3) * value);
      },
    });
    batcher.start();
    const outcomes = await Promise.all(clients.map(async ({ items, group, at, leaves }) => {
      await delay(at);
      const gone = new AbortController();
      const timer = leaves === null ? undefined : setTimeout(() => gone.abort(new Error('gone')), leaves);
      const numbered = items.map((value) => ({ id: unique++, value }));
      try {
        return { numbered, answer: await batcher.submit(group, numbered, gone.signal) };
      } catch (error) {
        return { numbered, error: error as Error };
      } finally {
        clearTimeout(timer);
      }
    }));
    outcomes.forEach(({ numbered, answer, error }, i) => {
      const { items, group, leaves } = clients[i]!;
      if (answer) expect(answer).toEqual(items.map((value) => (group === 'a' ? 2 : 3) * value));
      else if (error!.message === 'bad') expect(items).toContain(bad);
      else if (error!.message === 'gone') expect(leaves).not.toBeNull();
      else expect(error).toBeInstanceOf(QueueFull);
      for (const { id } of numbered) expect(worked.get(id) ?? 0).toBeLessThanOrEqual(1);
      if (answer) for (const { id } of numbered) expect(worked.get(id)).toBe(1);
    });
    expect(batcher.waiting).toBe(0);
  }), { numRuns: 60 });
});
