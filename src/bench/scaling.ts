/** `medweave bench epoch --scaling`: what an epoch costs, and how much memory it takes, at different numbers of notes. */
import type { EpochBench, EpochOptions } from './epoch.js';
import type { EpochRequest } from './epoch-process.js';
import type { Machine } from './machine.js';
import { inOwnProcess } from './own-process.js';

export interface ScalingRow {
  notes: number;
  /** Of the first epoch, which fills the cache, and of a later one. */
  first_seconds: number;
  cached_seconds: number;
  /** Processor time of the later epoch: less sensitive to what else runs on the machine. */
  cached_processor_seconds: number;
  /** Of the process, in the later epoch. */
  peak_memory_mib: number;
  cache_mib: number;
}

export interface ScalingBench extends Machine {
  what: 'scaling';
  shape: Record<string, number>;
  rows: ScalingRow[];
}

/** Each number of notes in a process of its own: memory that one leaves behind would count for the next. */
export async function benchScaling(counts: readonly number[], { signal, log, ...options }: Omit<EpochOptions, 'uncached'>): Promise<ScalingBench> {
  const { lengths } = options.visits;
  const results: EpochBench[] = [];
  for (const count of counts) {
    log.info(`epochs of ${count} notes`);
    const visits = { ...options.visits, lengths: Array.from({ length: count }, (_, i) => lengths[i % lengths.length]!) };
    results.push(await inOwnProcess<EpochRequest, EpochBench>(new URL('./epoch-process.js', import.meta.url), { ...options, visits, uncached: false }, signal));
  }
  const { shape, device, threads, load_average } = results.at(-1)!;
  return { what: 'scaling', shape, rows: results.map(rowOf), device, threads, load_average };
}

const rowOf = ({ shape, epochs: { first, cached }, cache }: EpochBench): ScalingRow => ({
  notes: shape.notes!,
  first_seconds: first.seconds,
  cached_seconds: cached.seconds,
  cached_processor_seconds: cached.processor_seconds,
  peak_memory_mib: cached.peak_memory_mib,
  cache_mib: cache.mib,
});
