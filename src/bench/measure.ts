/** Times several things in turn, so that a noisy neighbour disturbs all of them alike. */
import fs from 'node:fs';

export interface Timing {
  medianMs: number;
}

/** Rounds of one run of each; the first `warmUp` rounds are not counted. */
export async function timeInterleaved(subjects: readonly { run(): Promise<void> }[], { repeats, warmUp, signal }: { repeats: number; warmUp: number; signal?: AbortSignal }): Promise<Timing[]> {
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < warmUp + repeats; round++) {
    for (const [i, subject] of subjects.entries()) {
      signal?.throwIfAborted();
      const start = performance.now();
      await subject.run();
      if (round >= warmUp) times[i]!.push(performance.now() - start);
    }
  }
  return times.map((values) => ({ medianMs: median(values) }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Largest resident set of this process so far, in MiB (VmHWM where Linux tells). */
export function peakMemoryMiB(): number {
  const status = '/proc/self/status';
  const line = fs.existsSync(status) ? /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(status, 'utf8')) : null;
  return Math.round(line ? Number(line[1]) / 1024 : process.resourceUsage().maxRSS / 1024);
}
