/** `metrics.jsonl`: there as training goes, without doubles after a run is continued; one failing tracker stops neither training nor the others. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { fanOut } from '../../src/tracking/fan-out.js';
import { createMetricsFile, readPoints, readPointsFrom } from '../../src/tracking/metrics-file.js';
import type { MetricPoint, TrackedRun, Tracker } from '../../src/training/tracker.js';

let dir: string;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-metrics-'))));
afterEach(() => fs.rmSync(dir, { recursive: true }));

const run = (resumed?: TrackedRun['resumed']): TrackedRun => ({ command: 'mlm', directory: dir, out: dir, config: {}, inputs: [], resumed });
const point = (step: number, values: Record<string, number> = { step_loss: step / 2 }): MetricPoint => ({ step, time: 1_700_000_000_000 + step, values });
const file = () => path.join(dir, 'metrics.jsonl');

async function write(points: readonly MetricPoint[], resumed?: TrackedRun['resumed']): Promise<void> {
  const tracker = createMetricsFile(1);
  await tracker.start(run(resumed));
  for (const one of points) tracker.metrics(one);
}

describe('metrics.jsonl', () => {
  it('has a line as soon as there is a point', async () => {
    const tracker = createMetricsFile(10);
    await tracker.start(run());
    tracker.metrics(point(3, { step_loss: 0.5, learning_rate: 1e-4 }));
    expect(fs.readFileSync(file(), 'utf8')).toBe('{"step":3,"time":"2023-11-14T22:13:20.003Z","metrics":{"step_loss":0.5,"learning_rate":0.0001}}\n');
  });

  it('of a continued run keeps what its checkpoint had seen: steps up to it, evaluations that were concluded', async () => {
    await write([point(1), point(2), point(2, { epoch: 1, dev_map: 0.1 }), point(3), point(4), point(4, { epoch: 2, dev_map: 0.2 }), point(5)]);
    fs.appendFileSync(file(), '{"step":6,"time":"2023');
    // The checkpoint was written at step 4, before the second evaluation.
    await write([point(4, { epoch: 2, dev_map: 0.2 }), point(5), point(6)], { step: 4, epoch: 1 });
    expect(readPoints(dir).map(({ step, values: { epoch } }) => [step, epoch])).toEqual([[1, undefined], [2, undefined], [2, 1], [3, undefined], [4, undefined], [4, 2], [5, undefined], [6, undefined]]);
  });

  it('of a run that had no checkpoint begins anew', async () => {
    await write([point(1), point(2)]);
    await write([point(1)]);
    expect(readPoints(dir)).toEqual([point(1)]);
  });

  it('is read on from where it was read to, whole lines only, figures that are no numbers left out', async () => {
    await write([point(1), point(2, { dev_map: NaN, dev_f1: 0.5 })]);
    const first = readPointsFrom(file(), 0);
    expect(first.points).toEqual([point(1), point(2, { dev_f1: 0.5 })]);
    fs.appendFileSync(file(), '{"step":3,"time":"2023-11-14T22:13:20.003Z",');
    expect(readPointsFrom(file(), first.end)).toEqual({ points: [], end: first.end });
    fs.appendFileSync(file(), '"metrics":{"step_loss":1.5}}\n');
    expect(readPointsFrom(file(), first.end).points).toEqual([point(3)]);
    expect(readPointsFrom(path.join(dir, 'none'), 5)).toEqual({ points: [], end: 5 });
  });

  it('is read in pieces, however long', async () => {
    const points = Array.from({ length: 4000 }, (_, i) => point(i + 1));
    await write(points);
    const read: MetricPoint[] = [];
    for (let at = 0, more = readPointsFrom(file(), at); more.points.length; more = readPointsFrom(file(), at)) {
      read.push(...more.points);
      at = more.end;
    }
    expect(read).toEqual(points);
  });
});

describe('several trackers', () => {
  const recording = (name: string, told: string[], faults: Partial<Tracker> = {}): Tracker => ({
    every: 1,
    start: async () => void told.push(`${name} start`),
    metrics: ({ step }) => void told.push(`${name} ${step}`),
    finish: async (status) => {
      told.push(`${name} ${status}`);
      return [];
    },
    ...faults,
  });

  it('go on without one that fails', async () => {
    const told: string[] = [];
    const warnings: string[] = [];
    const full = (): never => {
      throw new Error('disk full');
    };
    const log = pino({}, { write: (line) => void warnings.push(line) });
    const all = fanOut([recording('a', told, { metrics: full }), recording('b', told)], { every: 1, log });
    await all.start(run());
    all.metrics(point(1));
    all.metrics(point(2));
    expect(await all.finish('finished', dir)).toEqual([]);
    expect(told).toEqual(['b start', 'a start', 'b 1', 'b 2', 'b finished']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('disk full');
  });

  it('are all ended when one cannot start', async () => {
    const told: string[] = [];
    const refuse = async (): Promise<never> => {
      throw new Error('refused');
    };
    const all = fanOut([recording('a', told, { start: refuse }), recording('b', told)], { every: 1, log: silentLogger() });
    await expect(all.start(run())).rejects.toThrow('refused');
    expect(told).toEqual(['b start', 'b failed']);
  });
});
