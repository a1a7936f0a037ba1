/** What a report says of a run before anything is measured: from the files of its directory alone. */
import fs from 'node:fs';
import path from 'node:path';
import { readTaskFile } from '../../../finetune/task-file.js';
import { expectArtifact, readManifest, sha256, type Manifest } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { noticesOfInputs } from '../../core/notices.js';
import type { ModelConfig } from '../../encoders/config.js';
import { readHistory } from '../../training/run-files.js';
import type { TaskName } from '../../metrics/task-scores.js';
import type { Curve, FileHashes, ReportedLabel, ReportedRun } from '../../report/run/data.js';

/** What runs of both kinds say. */
interface RunTask {
  task: TaskName;
  inputs: readonly string[];
  labels: readonly ReportedLabel[];
  threshold?: number;
}

export interface DescribedRun extends ReportedRun {
  dir: string;
  task: TaskName;
}

/** @throws configuration error for a combined coder or runs of several tasks; data error for anything that is no run */
export function describeRuns(dirs: readonly string[]): DescribedRun[] {
  const twice = dirs.find((dir, i) => dirs.findIndex((other) => path.resolve(other) === path.resolve(dir)) !== i);
  if (twice !== undefined) throw configurationError(`${twice}: named twice; name each run once`);
  const names = distinctNames(dirs);
  const runs = dirs.map((dir, i) => describeRun(dir, names[i]!));
  const other = runs.find(({ task }) => task !== runs[0]!.task);
  if (other) throw configurationError(`${other.dir}: predicts ${other.task}, ${runs[0]!.dir} predicts ${runs[0]!.task}; write one report a task`);
  return runs;
}

/** Names of directories, with those above where two have the same. */
function distinctNames(dirs: readonly string[]): string[] {
  const parts = dirs.map((dir) => path.resolve(dir).split(path.sep).filter(Boolean));
  const named = (depth: number): string[] => parts.map((part) => part.slice(-depth).join('-'));
  const deepest = Math.max(...parts.map(({ length }) => length));
  for (let depth = 1; depth < deepest; depth++) if (new Set(named(depth)).size === dirs.length) return named(depth);
  return named(deepest);
}

const HASHED = ['model.safetensors', 'config.yaml', 'vocab.json', 'tokenizer.json', 'terms.json', 'task.json'] as const;

function describeRun(dir: string, name: string): DescribedRun {
  const manifest = readManifest(dir);
  if (manifest.command === 'coder') throw configurationError(`${dir}: is a combined coder, whose figures are those of \`medweave coder\` (figures.json, docs/coder.md); report takes runs of finetune and of baseline`);
  expectArtifact(dir, 'finetune', 'baseline');
  const file = readTaskFile<RunTask>(dir);
  const pretrainedFrom = manifest['pretrained_from'] as string | undefined;
  return {
    dir, name, task: file.task, inputs: file.inputs, labels: file.labels, threshold: file.threshold,
    command: manifest.command as ReportedRun['command'],
    version: manifest.version, createdAt: manifest.created_at, seed: manifest.seed, splitId: manifest.split_id, config: manifest.config,
    model: modelFacts(manifest),
    hashes: hashesOf(dir, HASHED),
    notices: noticesOfInputs([dir]),
    training: curveOf(dir, manifest),
    ...(pretrainedFrom !== undefined && { pretrainedFrom: path.basename(pretrainedFrom), pretraining: pretrainingOf(pretrainedFrom) }),
  };
}

/** @param names those of them that are there */
export const hashesOf = (dir: string, names: readonly string[]): FileHashes =>
  Object.fromEntries(names.filter((name) => fs.existsSync(path.join(dir, name))).map((name) => [name, sha256(fs.readFileSync(path.join(dir, name)))]));

/** Baselines are fitted, not trained step by step. */
function curveOf(dir: string, manifest: Manifest): Curve {
  const best = (manifest['best'] as { step: number } | undefined)?.step;
  return { history: fs.existsSync(path.join(dir, 'history.jsonl')) ? readHistory(dir) : [], best };
}

/** The run may have gone since, or another may be in its place: only its curve is shown. */
function pretrainingOf(dir: string): Curve | undefined {
  if (!fs.existsSync(path.join(dir, 'history.jsonl')) || !fs.existsSync(path.join(dir, 'manifest.json'))) return undefined;
  return curveOf(dir, readManifest(dir));
}

function modelFacts({ command, config }: Manifest): [string, string][] {
  if (command === 'baseline') return [['model', 'TF-IDF of the note, one logistic regression a label']];
  const { model, finetune } = config as { model: ModelConfig; finetune: { head: { kind: string }; fraction: number; inputs?: string[] } };
  const { text, codes } = model;
  return [
    ['text encoder', `${text.checkpoint === undefined ? text.encoder : path.basename(text.checkpoint)}, ${layers(text)}, ${text.max_tokens.toLocaleString('en-US')} word pieces of a note at most`],
    ['code encoder', `Transformer, ${layers(codes)}; embeddings: ${codes.embedding}`],
    ['fusion', model.fusion],
    ['head', finetune.head.kind],
    ['share of the training patients', `${(100 * finetune.fraction).toLocaleString('en-US')} %`],
  ];
}

const layers = ({ layers: count, width }: { layers: number; width: number }): string => `${count} ${count === 1 ? 'layer' : 'layers'} of width ${width}`;
