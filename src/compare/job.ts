/** A job: command lines that fill a directory of its own, and how to tell whether that was done, by the same request. */
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../core/artifact.js';

export interface Job {
  /** What it is, in words: unique in a plan. */
  name: string;
  /** Where it keeps its request, its log and its results. */
  dir: string;
  /** Command lines without the leading `medweave`, in order. */
  commands: readonly (readonly string[])[];
  /** The directory that the last command writes; its manifest says that the job is done. */
  result: string;
  /** What decides the outcome: another request is other work. */
  request: unknown;
  /** Names of the jobs whose results it reads. */
  needs: readonly string[];
  /** Files that nobody reads once the job is done. */
  disposable: readonly string[];
}

const REQUEST = 'request.json';

export const logOf = ({ dir }: Job): string => path.join(dir, 'log.txt');

export type JobState = 'done' | 'begun' | 'new' | 'stale';

/** `stale`: the directory holds work of another request, e.g. because the grid or the configuration has changed. */
export function stateOf({ dir, result, request }: Job): JobState {
  if (!fs.existsSync(dir)) return 'new';
  const file = path.join(dir, REQUEST);
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== canonicalJson(request)) return 'stale';
  return fs.existsSync(path.join(result, 'manifest.json')) ? 'done' : 'begun';
}

/** Makes the directory ready to begin, or to go on; work of another request goes away. */
export function openJob(job: Job): void {
  const state = stateOf(job);
  if (state === 'begun' || state === 'done') return;
  fs.rmSync(job.dir, { recursive: true, force: true });
  fs.mkdirSync(job.dir, { recursive: true });
  const file = path.join(job.dir, REQUEST);
  fs.writeFileSync(`${file}.tmp`, canonicalJson(job.request));
  fs.renameSync(`${file}.tmp`, file);
}

/** Weights are most of what a job writes, and once scored nobody needs them. */
export function disposeOf({ disposable }: Job): void {
  for (const file of disposable) fs.rmSync(file, { force: true });
}
