/** Times several things in turn, so that a noisy neighbour disturbs all of them alike, and says how noisy it was. */
import { processorSecondsOfOthers } from './machine.js';

export interface Timing {
  /** Median of the rounds. */
  ms: number;
  min_ms: number;
  max_ms: number;
  /** Median of the rounds during which other processes used less than a tenth of a core; null when there was none. */
  quiet_ms: number | null;
  /** Processor time of all threads (median): what a round costs, however busy the machine is. */
  processor_ms: number;
  /** Cores that other processes kept busy meanwhile (median). */
  others_cores: number;
}

interface Round {
  ms: number;
  /** Processor time of this process, all threads. */
  processorMs: number;
  othersCores: number;
}

/** Cores busy with other processes below which a round counts as quiet. */
const QUIET = 0.1;

export interface Rounds {
  repeats: number;
  /** First rounds, which do not count. */
  warmUp: number;
  signal: AbortSignal;
}

/** Rounds of one run of each. @throws the signal's reason when it is aborted */
export async function timeInterleaved(subjects: readonly { run(): Promise<void> }[], { repeats, warmUp, signal }: Rounds): Promise<Timing[]> {
  const rounds = subjects.map((): Round[] => []);
  for (let round = 0; round < warmUp + repeats; round++) {
    for (const [i, subject] of subjects.entries()) {
      signal.throwIfAborted();
      const taken = await timed(() => subject.run());
      if (round >= warmUp) rounds[i]!.push(taken);
    }
  }
  return rounds.map(summary);
}

/** One run of something long. */
export async function timed(run: () => Promise<unknown>): Promise<Round> {
  const [start, busy, before] = [performance.now(), processorSecondsOfOthers(), process.cpuUsage()];
  await run();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  // Two clocks of different resolution: nothing of others can come out slightly below nothing.
  return { ms, processorMs: (user + system) / 1e3, othersCores: Math.max(0, processorSecondsOfOthers() - busy) / (ms / 1000) };
}

function summary(rounds: readonly Round[]): Timing {
  const times = rounds.map(({ ms }) => ms);
  const quiet = rounds.filter(({ othersCores }) => othersCores < QUIET).map(({ ms }) => ms);
  return {
    ms: median(times),
    min_ms: Math.min(...times),
    max_ms: Math.max(...times),
    quiet_ms: quiet.length ? median(quiet) : null,
    processor_ms: median(rounds.map(({ processorMs }) => processorMs)),
    others_cores: median(rounds.map(({ othersCores }) => othersCores)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
