/** Gathers what concurrent clients ask for into batches: first come first served, one batch at a time, a bounded queue, and nobody fails for a neighbour. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The queue has no room for what was submitted. */
export class QueueFull extends Error {}

export interface BatcherOptions<Item, Result> {
  /** Works off a batch; never called again before it has answered. @returns one result an item, in their order */
  run(group: string, items: readonly Item[]): Promise<Result[]>;
  /** Items of a batch at most. */
  batchSize: number;
  /** How long `run` stays unused for clients that were just answered to come back, in milliseconds; never longer than the last batch took. Who comes to an idle server does not wait. */
  maxWaitMs: number;
  /** Items that may wait at most. */
  capacity: number;
  /** After each batch that succeeded. */
  onBatch?(batch: BatchReport): void;
}

export interface BatchReport {
  group: string;
  items: number;
  ms: number;
}

export interface Batcher<Item, Result> {
  /**
   * @param group only items of one group share a batch
   * @returns one result an item, in their order
   * @throws QueueFull at once; the signal's reason when it is aborted (what still waits is dropped); what `run` threw for an item alone
   */
  submit(group: string, items: readonly Item[], signal: AbortSignal): Promise<Result[]>;
  /** Items that wait. */
  readonly waiting: number;
  /** Lets the first batch begin; until then everything waits. */
  start(): void;
}

/** What was submitted together stands or falls together. */
interface Submission {
  over: boolean;
}

interface Entry<Item, Result> {
  group: string;
  item: Item;
  submission: Submission;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

export function createBatcher<Item, Result>({ run, batchSize, maxWaitMs, capacity, onBatch }: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  type Waiting = Entry<Item, Result>;
  let queue: Waiting[] = [];
  let started = false;
  let busy = false;
  /** Until when to wait for how many after the last batch: those it answered may be back soon, and others waited meanwhile. */
  let next = { waitUntil: -Infinity, expected: 0 };
  /** Ends the wait for a fuller batch. */
  let wake: (() => void) | undefined;

  const isFull = (): boolean => queue.length >= next.expected || queue.filter(({ group }) => group === queue[0]!.group).length >= batchSize;

  async function workOff(): Promise<void> {
    if (busy || !started) return;
    busy = true;
    // Whatever arrives in the same turn of the event loop shares a batch.
    await nextTurn();
    while (queue.length) {
      await fullerBatch();
      if (queue.length) await runNext();
      await nextTurn();
    }
    busy = false;
  }

  function fullerBatch(): Promise<void> | undefined {
    const left = next.waitUntil - performance.now();
    if (left <= 0 || isFull()) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake!(), left);
      wake = () => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
    });
  }

  async function runNext(): Promise<void> {
    const batch = takeBatch();
    const start = performance.now();
    await runBatch(batch);
    const end = performance.now();
    next = { waitUntil: end + Math.min(maxWaitMs, end - start), expected: Math.min(batchSize, batch.length + queue.length) };
  }

  /** The first in the queue, with those of its group that follow. */
  function takeBatch(): Waiting[] {
    const batch = queue.filter(({ group }) => group === queue[0]!.group).slice(0, batchSize);
    const taken = new Set(batch);
    queue = queue.filter((entry) => !taken.has(entry));
    return batch;
  }

  /** Of a batch that fails each item is tried alone, so that only those that fail by themselves do. */
  async function runBatch(batch: readonly Waiting[]): Promise<void> {
    const { group } = batch[0]!;
    const start = performance.now();
    try {
      const results = await run(group, batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`expected ${batch.length} results, got ${results.length}`);
      batch.forEach((entry, i) => entry.resolve(results[i]!));
      onBatch?.({ group, items: batch.length, ms: performance.now() - start });
    } catch (error) {
      if (batch.length === 1) return fail(batch[0]!, error);
      for (const entry of batch) if (!entry.submission.over) await runBatch([entry]);
    }
  }

  function fail({ submission, reject }: Waiting, error: unknown): void {
    submission.over = true;
    reject(error);
  }

  function drop(submission: Submission): void {
    submission.over = true;
    queue = queue.filter((entry) => entry.submission !== submission);
    if (!queue.length) wake?.();
  }

  async function submit(group: string, items: readonly Item[], signal: AbortSignal): Promise<Result[]> {
    signal.throwIfAborted();
    if (queue.length + items.length > capacity) throw new QueueFull(`${queue.length} of ${capacity} places in the queue are taken`);
    const submission: Submission = { over: false };
    const results = items.map((item) => new Promise<Result>((resolve, reject) => queue.push({ group, item, submission, resolve, reject })));
    void workOff();
    if (wake && isFull()) wake();
    try {
      return await orAborted(Promise.all(results), signal);
    } finally {
      drop(submission);
    }
  }

  return {
    submit,
    get waiting() {
      return queue.length;
    },
    start() {
      started = true;
      void workOff();
    },
  };
}

/** @throws the signal's reason, when that comes first */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
