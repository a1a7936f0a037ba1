/** `metrics.jsonl` of a run: every point of its metrics, one a line, written as training goes. It is also the queue of what a server has yet to get. */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../core/output-file.js';
import type { MetricPoint, TrackedRun, Tracker } from '../training/tracker.js';

export const metricsFile = (directory: string): string => path.join(directory, 'metrics.jsonl');

/** Appends to the file in the directory that the run starts in. A continued run first drops what lies beyond its checkpoint. */
export function createMetricsFile(every: number): Tracker {
  let file: string | undefined;
  return {
    every,
    async start({ directory, resumed }) {
      file = metricsFile(directory);
      if (fs.existsSync(file)) writeWhole(file, parsePoints(fs.readFileSync(file, 'utf8')).filter(isBefore(resumed)).map(lineOf).join(''));
    },
    metrics(point) {
      fs.appendFileSync(file!, lineOf(point));
    },
    finish: async () => [],
  };
}

/** A checkpoint is of a step and of the evaluations that were concluded then. */
const isBefore = (resumed: TrackedRun['resumed']) => ({ step, values: { epoch = 0 } }: MetricPoint): boolean => resumed !== undefined && step <= resumed.step && epoch <= resumed.epoch;

export const lineOf = ({ step, time, values }: MetricPoint): string => `${JSON.stringify({ step, time: new Date(time).toISOString(), metrics: values })}\n`;

/** @param text whole lines; one that a kill cut short is left out, and so are figures that are no numbers */
export function parsePoints(text: string): MetricPoint[] {
  return text.split('\n').flatMap((line) => {
    try {
      const { step, time, metrics } = JSON.parse(line) as { step: number; time: string; metrics: Record<string, number | null> };
      const values = Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== null);
      return [{ step, time: Date.parse(time), values: Object.fromEntries(values) }];
    } catch {
      return [];
    }
  });
}

export const readPoints = (directory: string): MetricPoint[] => (fs.existsSync(metricsFile(directory)) ? parsePoints(fs.readFileSync(metricsFile(directory), 'utf8')) : []);

export interface PendingPoints {
  points: MetricPoint[];
  /** Where to go on reading. */
  end: number;
}

const READ_BYTES = 1 << 17;

/** Whole lines from a byte of the file on, as many as fit one read; none where there are no more, or no such file. */
export function readPointsFrom(file: string, start: number): PendingPoints {
  const text = readFrom(file, start);
  const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1);
  return { points: parsePoints(whole.toString('utf8')), end: start + whole.length };
}

function readFrom(file: string, start: number): Buffer {
  if (!fs.existsSync(file)) return Buffer.alloc(0);
  const descriptor = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(READ_BYTES);
    return buffer.subarray(0, fs.readSync(descriptor, buffer, 0, READ_BYTES, start));
  } finally {
    fs.closeSync(descriptor);
  }
}
