/** Scheduling: needs come first, so many at a time, failures take along only what needs them, an interruption begins nothing more. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedule, type Failure, type Scheduled } from '../../src/compare/schedule.js';

const job = (name: string, ...needs: string[]): Scheduled => ({ name, needs });

interface Trace {
  begun: string[];
  settled: [string, string?][];
  most: number;
}

async function trace(jobs: readonly Scheduled[], parallel: number, options: { fails?: readonly string[]; abortAt?: string } = {}): Promise<Trace> {
  const found: Trace = { begun: [], settled: [], most: 0 };
  const stop = new AbortController();
  let running = 0;
  await schedule(jobs, {
    parallel, signal: stop.signal,
    run: async ({ name }) => {
      found.begun.push(name);
      found.most = Math.max(found.most, ++running);
      if (name === options.abortAt) stop.abort();
      for (let turn = 0; turn < name.length; turn++) await Promise.resolve();
      running--;
      if (options.fails?.includes(name)) throw new Error('broken');
    },
    onSettled: ({ name }, failure?: Failure) => found.settled.push(failure ? [name, failure.reason] : [name]),
  });
  return found;
}

describe('schedule', () => {
  it('lets a job wait for what it needs, and another go ahead', async () => {
    const { begun } = await trace([job('c', 'a'), job('a'), job('b')], 2);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('takes a need that is not among the jobs for met', async () => {
    expect((await trace([job('c', 'done before')], 1)).settled).toEqual([['c']]);
  });

  it('fails what needs a failure, in turn, and goes on with the rest', async () => {
    const { settled, begun } = await trace([job('a'), job('b', 'a'), job('c', 'b'), job('d')], 1, { fails: ['a'] });
    expect(settled).toEqual([['a', 'broken'], ['b', 'needs a, which failed'], ['c', 'needs b, which failed'], ['d']]);
    expect(begun).toEqual(['a', 'd']);
  });

  it('begins nothing after an interruption, and waits for what runs', async () => {
    const { begun, settled } = await trace([job('a'), job('long'), job('c'), job('d')], 2, { abortAt: 'long' });
    expect([begun, settled.map(([name]) => name).sort()]).toEqual([['a', 'long'], ['a', 'long']]);
  });

  it('runs every job once, in an order that respects needs, never more at a time than allowed', async () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(graph, fc.integer({ min: 1, max: 4 }), async (edges, parallel) => {
      const jobs = edges.map((needs, i) => job(`job ${i}`, ...(i ? needs.map((need) => `job ${need % i}`) : [])));
      const { begun, settled, most } = await trace([...jobs].reverse(), parallel);
      expect([...begun].sort()).toEqual(jobs.map(({ name }) => name).sort());
      expect(settled).toHaveLength(jobs.length);
      expect(most).toBeLessThanOrEqual(parallel);
      for (const { name, needs } of jobs) for (const need of needs) expect(settled.findIndex(([one]) => one === need)).toBeLessThan(settled.findIndex(([one]) => one === name));
    }), { numRuns: 50 });
  });
});
