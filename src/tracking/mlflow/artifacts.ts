/** Files of a run to the server's artifact store, through the server itself. */
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readManifest } from '../../core/artifact.js';
import type { MlflowClient, RequestOptions } from './client.js';
import { isTrackingFile } from './link.js';
import { MODEL_FOLDER, mlModelText } from './ml-model.js';

/** What says how a run was made and went; no words of notes are in these. */
const RECORDS = ['config.yaml', 'manifest.json', 'history.jsonl', 'metrics.jsonl', 'evaluation.json'];

const ARTIFACTS = '/api/2.0/mlflow-artifacts/artifacts';

/**
 * Where the server takes a run's files, below its address.
 * @returns undefined where it leaves that to its clients (buckets, shared disks)
 */
export function artifactPath(artifactUri: string, server: string): string | undefined {
  if (!URL.canParse(artifactUri)) return undefined;
  const { protocol, host, pathname } = new URL(artifactUri);
  if (protocol === 'mlflow-artifacts:' && (!host || host === new URL(server).host)) return `${ARTIFACTS}${pathname}`;
  return artifactUri.startsWith(`${server}${ARTIFACTS}/`) ? artifactUri.slice(server.length) : undefined;
}

/** Milliseconds for a file: a slow line still carries 100 kB/s. */
const timeFor = (bytes: number): number => 60_000 + bytes / 100;

export interface UploadOptions extends RequestOptions {
  /** See {@link artifactPath}. */
  folder: string;
}

export async function uploadFile(client: MlflowClient, file: string, { folder, signal }: UploadOptions): Promise<void> {
  const bytes = fs.statSync(file).size;
  const body = Readable.toWeb(fs.createReadStream(file)) as ReadableStream<Uint8Array>;
  await client.request({ method: 'PUT', path: pathIn(folder, path.basename(file)), body, bytes, timeout: timeFor(bytes), signal, answer: z.unknown() });
}

async function uploadText(client: MlflowClient, name: string, text: string, { folder, signal }: UploadOptions): Promise<void> {
  const data = Buffer.from(text);
  const body = Readable.toWeb(Readable.from([data])) as ReadableStream<Uint8Array>;
  await client.request({ method: 'PUT', path: pathIn(folder, name), body, bytes: data.length, signal, answer: z.unknown() });
}

const pathIn = (folder: string, name: string): string => `${folder}/${encodeURIComponent(name)}`;

/** @returns how many */
export async function uploadRecords(client: MlflowClient, directory: string, options: UploadOptions): Promise<number> {
  const files = RECORDS.map((name) => path.join(directory, name)).filter((file) => fs.existsSync(file));
  for (const file of files) await uploadFile(client, file, options);
  return files.length;
}

/** The whole run as a folder that `medweave serve --run` takes, with MLflow's description of it. @returns bytes */
export async function uploadModel(client: MlflowClient, directory: string, { folder, run_id, signal }: UploadOptions & { run_id: string }): Promise<number> {
  const target = { folder: `${folder}/${MODEL_FOLDER}`, signal };
  const files = modelFiles(directory);
  const bytes = files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  for (const file of files) await uploadFile(client, file, target);
  await uploadText(client, 'MLmodel', mlModelText({ manifest: readManifest(directory), run_id, bytes }), target);
  return bytes;
}

const modelFiles = (directory: string): string[] =>
  fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTrackingFile(entry.name))
    .map(({ name }) => path.join(directory, name));
