/** Sends a run's metrics beside training: now and then, again after failures, never in training's way. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../core/log.js';
import type { Metric } from './api.js';
import { MlflowFailure } from './client.js';
import type { MetricQueue } from './queue.js';

/** Milliseconds between batches while all goes well, and at most after failures. */
const INTERVAL = 1000;
const LONGEST_WAIT = 60_000;

export interface SenderOptions {
  queue: MetricQueue;
  file: string;
  /** @throws MlflowFailure */
  send: (metrics: Metric[], timeout?: number) => Promise<unknown>;
  log: Logger;
  /** Of the server, in messages. */
  url: string;
  interval?: number;
}

export interface Sender {
  /** There is something to send. */
  wake(): void;
  /**
   * Sends what is left, for so many milliseconds at most, and stops.
   * @param file where the metrics lie now
   * @returns why something is left; undefined when all has arrived
   */
  drain(file: string, milliseconds: number): Promise<string | undefined>;
}

export function createSender({ queue, file, send, log, url, interval = INTERVAL }: SenderOptions): Sender {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let failures = 0;
  /** A refusal that repeating does not mend. */
  let refused: MlflowFailure | undefined;
  let stopped = false;

  const sendAll = async (from: string, timeout?: number): Promise<void> => {
    for (let metrics = queue.next(from); metrics; metrics = queue.next(from)) {
      await send(metrics, timeout);
      queue.arrived();
    }
  };
  const wait = (): number => (failures ? Math.min(LONGEST_WAIT, interval * 2 ** failures) : interval);
  const wake = (): void => {
    if (timer || refused || stopped) return;
    timer = setTimeout(() => {
      underWay = sendAll(file).then(recovered, failed).then(() => {
        timer = undefined;
        if (failures) wake();
      });
    }, wait());
    timer.unref();
  };
  const recovered = (): void => {
    if (failures) log.info(`mlflow: ${url} answers again; what had waited is sent`);
    failures = 0;
  };
  const failed = (error: unknown): void => {
    failures++;
    if (!(error instanceof MlflowFailure) || !error.isPassing) {
      refused = error as MlflowFailure;
      log.warn(`mlflow: ${url} does not take the metrics: ${refused.message}; training goes on, and they are kept with the run`);
    } else if (failures === 1) log.warn(`mlflow: ${url}: ${error.message}; training goes on, metrics are kept with the run and sent when it answers`);
  };

  return {
    wake,
    async drain(now, milliseconds) {
      stopped = true;
      clearTimeout(timer);
      const deadline = performance.now() + milliseconds;
      const left = (): number => deadline - performance.now();
      await Promise.race([underWay, pause(milliseconds, undefined, { ref: false })]);
      for (let attempt = 0; !refused; attempt++) {
        const error = await sendAll(now, Math.max(1, left())).then(() => undefined, (reason: unknown) => reason as Error);
        if (!error) return undefined;
        if (!(error instanceof MlflowFailure) || !error.isPassing || left() <= 0) return error.message;
        await pause(Math.min(left(), 250 * 2 ** attempt));
      }
      return refused.message;
    },
  };
}
