/** What Prometheus reads: requests, records, batches and the queue, and the process's own figures. Labels are routes and codes of ours, never text. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchReport } from './batcher.js';

export interface Metrics {
  request(done: { route: string; method: string; status: number; seconds: number }): void;
  records(route: string, count: number): void;
  batch(report: BatchReport): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  /** Records that wait now. */
  waiting: () => number;
  /** Bytes of the requests that are being read or wait now. */
  pendingBytes: () => number;
  version: string;
}

/** Seconds; from a small model's single record to a patient client's patience. */
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
const ITEMS = [1, 2, 4, 8, 12, 16, 24, 32, 64, 128];

export function createMetrics({ waiting, pendingBytes, version }: MetricsOptions): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Counter({ name: 'medweave_requests_total', help: 'Requests answered.', labelNames: ['route', 'method', 'status'], registers });
  const seconds = new Histogram({ name: 'medweave_request_seconds', help: 'From the head of a request to the end of its answer.', labelNames: ['route'], buckets: SECONDS, registers });
  const records = new Counter({ name: 'medweave_records_total', help: 'Records answered.', labelNames: ['route'], registers });
  const batchRecords = new Histogram({ name: 'medweave_batch_records', help: 'Records that were worked off together.', labelNames: ['work'], buckets: ITEMS, registers });
  const batchSeconds = new Histogram({ name: 'medweave_batch_seconds', help: 'Time that a batch took.', labelNames: ['work'], buckets: SECONDS, registers });
  new Gauge({ name: 'medweave_queue_records', help: 'Records that wait.', registers, collect() { this.set(waiting()); } });
  new Gauge({ name: 'medweave_pending_bytes', help: 'Bytes of the requests that are being read or wait.', registers, collect() { this.set(pendingBytes()); } });
  new Gauge({ name: 'medweave_info', help: 'The version, as a label.', labelNames: ['version'], registers }).set({ version }, 1);
  return {
    request({ route, method, status, seconds: taken }) {
      requests.inc({ route, method, status });
      seconds.observe({ route }, taken);
    },
    records: (route, count) => records.inc({ route }, count),
    batch({ group, items, ms }) {
      const work = group.split(' ')[0]!;
      batchRecords.observe({ work }, items);
      batchSeconds.observe({ work }, ms / 1000);
    },
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}
