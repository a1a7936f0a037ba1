/** What a run directory says of its run, for tracking it afterwards. */
import fs from 'node:fs';
import path from 'node:path';
import { readManifest, type Manifest } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import { writeWhole } from '../core/output-file.js';
import { namedFigures, type Figures } from '../metrics/named-figures.js';
import type { HistoryEntry } from '../training/loop.js';
import type { MetricPoint, TrackedRun } from '../training/tracker.js';
import { lineOf, metricsFile, readPoints } from './metrics-file.js';

/** Commands whose runs can be tracked. */
const COMMANDS = ['mlm', 'pretrain', 'finetune', 'probe', 'baseline'];

/** A finished run, or what a killed one left. @throws data error for anything else */
export function openFinishedRun(directory: string): { run: TrackedRun; points: MetricPoint[]; isFinished: boolean } {
  const isFinished = fs.existsSync(path.join(directory, 'manifest.json'));
  const manifest = isFinished ? readManifest(directory) : readRequest(directory);
  if (!COMMANDS.includes(manifest.command)) throw dataError(`${directory}: expected a run of ${COMMANDS.join(', ')}; got the output of \`medweave ${manifest.command}\``);
  const points = pointsOf(directory, manifest);
  const { command, config, seed, inputs } = manifest;
  const times = [...points.map(({ time }) => time), timeOf(manifest)];
  const during = { startedAt: Math.min(...times), endedAt: Math.max(...times) };
  return { run: { command, directory, out: directory, config, seed, inputs: [...Object.keys(inputs), directory], ...during }, points, isFinished };
}

/** What an unfinished run was asked for, which is written when it begins. */
function readRequest(directory: string): Manifest {
  const file = path.join(directory, 'request.json');
  try {
    return { ...(JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest), created_at: fs.statSync(file).mtime.toISOString() };
  } catch (cause) {
    throw dataError(`${directory}: no run, neither finished nor begun (no manifest.json, no request.json)`, cause);
  }
}

const timeOf = ({ created_at }: Manifest): number => Date.parse(created_at);

/** Runs that were made without `metrics.jsonl` get it of what else they hold, so that everything is sent from one file. */
function pointsOf(directory: string, manifest: Manifest): MetricPoint[] {
  const kept = readPoints(directory);
  if (kept.length) return kept;
  const points = [...ofHistory(directory, timeOf(manifest)), ...ofEvaluation(directory, timeOf(manifest))];
  writeWhole(metricsFile(directory), points.map(lineOf).join(''));
  return points;
}

/** The history counts seconds since the start of the run, whose end the manifest tells. */
function ofHistory(directory: string, end: number): MetricPoint[] {
  const file = path.join(directory, 'history.jsonl');
  if (!fs.existsSync(file)) return [];
  const entries = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as HistoryEntry);
  const total = entries.at(-1)?.seconds ?? 0;
  return entries.map(({ step, epoch, seconds, learning_rate, metrics }) => ({ step, time: Math.round(end - 1000 * (total - seconds)), values: { epoch, learning_rate, ...metrics } }));
}

/** A baseline's run is evaluated as it is made. */
function ofEvaluation(directory: string, time: number): MetricPoint[] {
  const file = path.join(directory, 'evaluation.json');
  if (!fs.existsSync(file)) return [];
  const { splits } = JSON.parse(fs.readFileSync(file, 'utf8')) as { splits: { split: string; figures: Figures }[] };
  return [{ step: 0, time, values: Object.assign({}, ...splits.map(({ split, figures }) => namedFigures(split, figures))) as Record<string, number> }];
}
