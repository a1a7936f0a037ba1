/** `medweave export model`: a fine-tuned run as a folder that needs nothing of the framework. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expectArtifact, fingerprint, writeArtifact } from '../../src/core/artifact.js';
import { configurationError } from '../../src/core/errors.js';
import { packageFile, packageVersion } from '../../src/core/paths.js';
import type { Device } from '../../src/engine/index.js';
import { writeOnnx, type OnnxDescription, type WriteOptions } from '../../src/engine/dynamic/index.js';
import { openStatedRun, type StatedRun } from '../stated-run.js';
import { describeLabels, describeModel } from './description.js';
import { exportGraph, type GraphOptions } from './graph.js';
import { readmeOf } from './readme.js';
import { checkAgainstFramework } from './self-check.js';

export interface ExportModelOptions extends GraphOptions, WriteOptions {
  run: string;
  out: string;
  device: Device;
  force: boolean;
}

export interface ExportedModel {
  /** False when `out` already held the result of the same request. */
  done: boolean;
  /** The files of the model, itself first, and their size together. */
  files: string[];
  bytes: number;
  /** Largest difference from the framework's outputs. */
  difference: number;
}

export const MODEL_FILE = 'model.onnx';
const CLIENTS = ['predict.py', 'predict.mjs'];

/** @throws configuration or data error when `run` is no fine-tuned run, or cannot be exported; numeric error when the outputs differ */
export async function exportModel({ run, out, attention, fixed, largest, device, force }: ExportModelOptions): Promise<ExportedModel> {
  expectExportable(run);
  const config = { what: 'model', attention, fixed, ...(largest === undefined ? {} : { largest }) };
  const { done, manifest } = await writeArtifact({ command: 'export', out, config, inputs: [run], force }, async (dir) => {
    const opened = await openStatedRun(run);
    const { graph, inputs } = await exportGraph(opened, { attention, fixed });
    const files = writeOnnx(path.join(dir, MODEL_FILE), graph, await describeGraph(opened), { largest });
    const difference = await checkAgainstFramework(opened, { file: path.join(dir, MODEL_FILE), inputs, attention, device });
    const description = describeModel({ run: opened, graph, inputs, files });
    writeJson(path.join(dir, 'config.json'), description);
    writeJson(path.join(dir, 'labels.json'), describeLabels(opened));
    for (const name of ['vocab.json', ...(description.text ? ['tokenizer.json'] : [])]) fs.copyFileSync(path.join(run, name), path.join(dir, name));
    for (const name of CLIENTS) fs.copyFileSync(packageFile('finetune', 'export', 'client', name), path.join(dir, name));
    fs.writeFileSync(path.join(dir, 'README.md'), readmeOf({ description, labels: opened.file.labels.length, run: path.basename(path.resolve(run)), difference }));
    return { split_id: opened.manifest.split_id, task: opened.file.task, model: { files, bytes: bytesIn(dir, files), difference } };
  });
  return { done, ...(manifest['model'] as Omit<ExportedModel, 'done'>) };
}

/** @throws with what to do instead */
function expectExportable(run: string): void {
  const { command } = expectArtifact(run, 'finetune', 'baseline', 'pretrain', 'mlm');
  if (command === 'baseline') throw configurationError(`${run}: a baseline of TF-IDF and logistic regression is no ONNX model; \`medweave predict\` and \`medweave serve\` run it`);
  if (command !== 'finetune') throw configurationError(`${run}: a run of \`medweave ${command}\` predicts no labels; fine-tune it first, or \`medweave export text-encoder\``);
}

async function describeGraph({ dir, file: { task }, manifest: { split_id, licence_notice, do_not_share } }: StatedRun): Promise<OnnxDescription> {
  const facts = { task, run: fingerprint(dir), weights_sha256: await sha256OfFile(path.join(dir, 'model.safetensors')), split_id, licence_notice, do_not_share };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return {
    name: task,
    description: [`medweave ${task}: visits in, probabilities of labels out; see config.json beside the file.`, ...(do_not_share ? ['DO NOT SHARE: trained on credentialed data.'] : [])].join(' '),
    producer: { name: 'medweave', version: packageVersion() },
    metadata: Object.fromEntries(known.map(([key, value]) => [`medweave.${key}`, String(value)])),
  };
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of fs.createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}

const bytesIn = (dir: string, files: readonly string[]): number => files.reduce((sum, name) => sum + fs.statSync(path.join(dir, name)).size, 0);

const writeJson = (file: string, value: unknown): void => fs.writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
