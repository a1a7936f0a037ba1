/** What a server has yet to get of a run's metrics. The run's own file is the queue: it outlives the process, and nothing has to be kept in memory. */
import { inGroups } from '../../core/in-groups.js';
import { readPointsFrom } from '../metrics-file.js';
import type { Metric } from './api.js';
import { METRICS_A_BATCH, metricsOf } from './limits.js';

export interface MetricQueue {
  /** The next metrics in order, at most as many as a request may hold; undefined when there are none for now. */
  next(file: string): Metric[] | undefined;
  /** The metrics that `next` gave have arrived. */
  arrived(): void;
}

/** @param latest what the server has: name → its last step. Points come in order, so that it has everything before, too */
export function createMetricQueue(latest: ReadonlyMap<string, number>): MetricQueue {
  let position = 0;
  let batches: Metric[][] = [];
  const isNew = ({ key, step }: Metric): boolean => step > (latest.get(key) ?? -1);
  return {
    next(file) {
      while (!batches.length) {
        const { points, end } = readPointsFrom(file, position);
        if (end === position) return undefined;
        position = end;
        batches = inGroups(points.flatMap(metricsOf).filter(isNew), METRICS_A_BATCH);
      }
      return batches[0];
    },
    arrived() {
      batches = batches.slice(1);
    },
  };
}
