/** `medweave bench serve`: a model behind HTTP, asked by one client and by many at a time, with the same synthetic notes; and by very many at once. */
import { fork } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { exampleNotes, type Limits } from '../serve/index.js';
import { load, quantile, type Load, type LoadOptions } from './load.js';
import { median } from './measure.js';
import type { ServeAnswer, ServeRequest } from './serve-process.js';

export interface ServeBenchOptions {
  run: string;
  device: string;
  limits: Limits;
  /** At a time. */
  clients: number;
  /** Distinct records, one a request. */
  notes: number;
  /** Words of a note. */
  words: number;
  /** Rounds of one client, then many. */
  repeats: number;
  /** Requests that are sent all at once in the end; 0: none. */
  flood: number;
  seed: number;
  signal: AbortSignal;
}

export interface LoadSpeed {
  clients: number;
  /** A round. */
  requests: number;
  /** Median of the rounds. */
  requests_per_second: number;
  p50_ms: number;
  p99_ms: number;
  /** By status; `0`: no answer. */
  statuses: Record<number, number>;
  /** Records that the model read together, on average. */
  records_a_batch: number;
  /** Processor time of the server for one request: what it costs, however busy the machine is. */
  processor_ms: number;
}

export interface ServeBench {
  what: 'serve';
  run: string;
  notes: number;
  words: number;
  one: LoadSpeed;
  many: LoadSpeed;
  /** Throughput of many clients over that of one. */
  ratio: number;
  /** Resident memory of the server, before the first round, after the last, and after the flood. */
  memory_mib: { before: number; after: number; flood?: number };
  flood?: { requests: number; seconds: number; statuses: Record<number, number> };
  load_average: number[];
}

/** @throws what the server could not do; the signal's reason when it is aborted */
export async function benchServe(options: ServeBenchOptions): Promise<ServeBench> {
  const { run, clients, notes, words, repeats, flood, seed, signal } = options;
  const bodies = exampleNotes({ count: notes, seed, words, inputs: ['rx'] }).map(({ text, codes }) => JSON.stringify({ dataframe_records: [{ text, codes: codes.map(({ system, code }) => `${system}:${code}`) }] }));
  const server = await startServer(options);
  try {
    const { figure } = server;
    const measure = async (some: Pick<LoadOptions, 'clients' | 'requests'>): Promise<Round> => {
      const before = [await figure(BATCHES), await figure(PROCESSOR)] as const;
      const measured = await load({ ...some, url: `${server.url}/invocations`, bodies, signal });
      return { ...measured, batches: (await figure(BATCHES)) - before[0], processorSeconds: (await figure(PROCESSOR)) - before[1] };
    };
    const residentMiB = async (): Promise<number> => Math.round((await figure('process_resident_memory_bytes')) / MIB);
    const shapes = [{ clients: 1, requests: notes * PASSES.one }, { clients, requests: notes * PASSES.many }];
    for (const shape of shapes) await measure(shape);
    const before = await residentMiB();
    const rounds: [Round[], Round[]] = [[], []];
    for (let round = 0; round < repeats; round++) for (const [i, shape] of shapes.entries()) rounds[i]!.push(await measure(shape));
    const after = await residentMiB();
    const [one, many] = [speed(rounds[0], shapes[0]!), speed(rounds[1], shapes[1]!)];
    const flooded = flood ? await measure({ clients: flood, requests: flood }) : undefined;
    return {
      what: 'serve', run, notes, words, one, many, ratio: many.requests_per_second / one.requests_per_second,
      memory_mib: { before, after, ...(flooded && { flood: await residentMiB() }) },
      ...(flooded && { flood: { requests: flood, seconds: flooded.seconds, statuses: flooded.statuses } }),
      load_average: os.loadavg(),
    };
  } finally {
    server.stop();
  }
}

/** How often all notes are sent in a round: for some seconds, or what is measured is how clients connect and how the last ones leave. */
const PASSES = { one: 8, many: 32 };

/** Of one number of clients. */
interface Round extends Load {
  /** That the model worked off meanwhile. */
  batches: number;
  /** Of the server, all threads. */
  processorSeconds: number;
}

const BATCHES = 'medweave_batch_records_count';
const PROCESSOR = 'process_cpu_seconds_total';

function speed(rounds: readonly Round[], { clients, requests }: { clients: number; requests: number }): LoadSpeed {
  const latencies = rounds.flatMap((round) => round.latencies).sort((a, b) => a - b);
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const statuses = [...new Set(rounds.flatMap((round) => Object.keys(round.statuses).map(Number)))];
  return {
    clients,
    requests,
    requests_per_second: median(rounds.map(({ seconds }) => requests / seconds)),
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    records_a_batch: (requests * rounds.length) / sum(({ batches }) => batches),
    processor_ms: (1000 * sum(({ processorSeconds }) => processorSeconds)) / (requests * rounds.length),
    statuses: Object.fromEntries(statuses.map((status) => [status, sum((round) => round.statuses[status] ?? 0)])),
  };
}

interface Server {
  url: string;
  figure(name: string): Promise<number>;
  stop(): void;
}

async function startServer({ run, device, limits, signal }: ServeBenchOptions): Promise<Server> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL('./serve-process.js', import.meta.url)));
  const stop = (): void => void (child.connected && child.disconnect());
  signal.addEventListener('abort', stop, { once: true });
  const answer = await new Promise<ServeAnswer>((resolve, reject) => {
    child.on('message', (message) => resolve(message as ServeAnswer));
    child.on('error', reject);
    child.on('exit', (code, killedBy) => reject(new Error(`the server's process ended with ${killedBy ?? code}`)));
    const request: ServeRequest = { run, device, limits };
    child.send(request);
  });
  if ('error' in answer) throw new Error(answer.error);
  const { url } = answer;
  return { url, stop, figure: (name) => metricOf(url, name) };
}

const MIB = 2 ** 20;

/** A figure of the server's own metrics, summed over its labels. */
async function metricOf(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
