/** Hands requests' records to the model in batches, `predict` and `explain` never at once, and turns what goes wrong into answers. */
import type { FastifyReply } from 'fastify';
import type { ClinicalRecord, Explanation, Prediction, Predictor } from '../../finetune/predictor/index.js';
import { createBatcher, QueueFull, type BatchReport } from './batcher.js';
import { DEFAULT_TOP, type Limits } from './limits.js';
import { Problem } from './problem.js';

export interface Work {
  /** @param top codes that are needed at least, besides all that are predicted */
  predict(records: readonly ClinicalRecord[], top: number, reply: FastifyReply): Promise<Prediction[]>;
  /** @throws Problem 409 for a model without evidence */
  explain(records: readonly ClinicalRecord[], top: number, reply: FastifyReply): Promise<Explanation[]>;
  readonly waiting: number;
  /** Until then requests wait. */
  start(): void;
}

export interface WorkOptions {
  predictor: Predictor;
  limits: Pick<Limits, 'maxBatch' | 'maxWaitMs' | 'queue' | 'timeout'>;
  onBatch(report: BatchReport): void;
}

export function createWork({ predictor, limits, onBatch }: WorkOptions): Work {
  const pace = createPace();
  const batcher = createBatcher<ClinicalRecord, Prediction | Explanation>({
    run(group, records) {
      const [kind, top] = group.split(' ');
      return kind === 'explain' ? predictor.explain!(records, Number(top)) : predictor.predict(records, Number(top));
    },
    batchSize: Math.min(limits.maxBatch, predictor.batchSize),
    maxWaitMs: limits.maxWaitMs,
    capacity: limits.queue,
    onBatch(report) {
      pace.saw(report);
      onBatch(report);
    },
  });

  async function submit(group: string, records: readonly ClinicalRecord[], reply: FastifyReply): Promise<unknown> {
    if (records.length > limits.queue) throw new Problem(413, 'too_large', `${records.length} records; the queue holds ${limits.queue}, send the rest in other requests`);
    const patience = patienceOf(reply, limits.timeout);
    try {
      return await batcher.submit(group, records, patience.signal);
    } catch (error) {
      throw asProblem(error, pace.secondsFor(batcher.waiting));
    } finally {
      patience.end();
    }
  }

  return {
    // More than are needed, lest every other number of codes has batches of its own.
    predict: async (records, top, reply) => (await submit(`predict ${top <= DEFAULT_TOP ? DEFAULT_TOP : Infinity}`, records, reply)) as Prediction[],
    async explain(records, top, reply) {
      if (!predictor.explain) throw new Problem(409, 'no_evidence', 'this model shows no evidence; ask POST /invocations for its codes');
      return (await submit(`explain ${top}`, records, reply)) as Explanation[];
    },
    get waiting() {
      return batcher.waiting;
    },
    start: () => batcher.start(),
  };
}

/** Aborts when the client has gone or has waited too long. */
function patienceOf(reply: FastifyReply, seconds: number): { signal: AbortSignal; end(): void } {
  const over = new AbortController();
  const onClose = (): void => over.abort(new Problem(499, 'client_gone', 'the client has gone'));
  const timer = setTimeout(() => over.abort(new Problem(503, 'timeout', `not answered within ${seconds} s; try again later`, { retryAfter: 1 })), seconds * 1000);
  reply.raw.once('close', onClose);
  if (reply.raw.destroyed) onClose();
  return {
    signal: over.signal,
    end() {
      clearTimeout(timer);
      reply.raw.off('close', onClose);
    },
  };
}

function asProblem(error: unknown, retryAfter: number): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof QueueFull) return new Problem(503, 'busy', 'the queue is full; try again later', { retryAfter });
  return new Problem(500, 'prediction_failed', 'the model failed on this record; the server\'s log says where', { cause: error });
}

const LONGEST_RETRY = 60;

/** How long the queue will take, from how long records took of late. */
function createPace(): { saw(report: BatchReport): void; secondsFor(records: number): number } {
  let msEach = 0;
  return {
    saw({ items, ms }) {
      msEach = msEach ? 0.9 * msEach + (0.1 * ms) / items : ms / items;
    },
    secondsFor: (records) => Math.min(LONGEST_RETRY, Math.max(1, Math.ceil((records * msEach) / 1000))),
  };
}
