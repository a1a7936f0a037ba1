/** Downloads one file of a model as a stream to disk; it has its own name only once it is complete. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { createProgress } from '../core/progress.js';
import { addressOf, type Hub, type HubModel } from './hub.js';

export interface FileOfModel {
  hub: Hub;
  model: HubModel;
  /** Its path within the model. */
  file: string;
}

const MEGABYTE = 1e6;
/** Smaller files come without a word. */
const WORTH_MENTIONING = 5 * MEGABYTE;

/** Compressed files would have another length than the header says. */
const headersFor = ({ token }: Hub): Record<string, string> => ({ 'user-agent': 'medweave', 'accept-encoding': 'identity', ...(token ? { authorization: `Bearer ${token}` } : {}) });

/** @returns false when the hub has no such file. @throws as {@link download} */
export async function existsOnHub(wanted: FileOfModel): Promise<boolean> {
  return (await request(wanted, 'HEAD')) !== undefined;
}

/**
 * Downloads a file.
 * @param target where to; its folder is made
 * @returns false when the hub has no such file
 * @throws checkpoint error when the hub refuses, the connection breaks or the disk does not take it, fetch's own error when the hub
 * cannot be reached; no file is left then
 */
export async function download(wanted: FileOfModel, target: string, log: Logger): Promise<boolean> {
  const response = await request(wanted, 'GET');
  if (!response) return false;
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    await writeBody(response, temporary, { label: `downloading ${wanted.model.name} ${wanted.file}`, log });
    fs.renameSync(temporary, target);
  } catch (cause) {
    fs.rmSync(temporary, { force: true });
    throw brokenOff(wanted, target, cause);
  }
  return true;
}

async function request({ hub, model, file }: FileOfModel, method: 'GET' | 'HEAD'): Promise<Response | undefined> {
  const address = addressOf(hub, model, file);
  const response = await hub.fetch(address, { method, headers: headersFor(hub) });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  throw refusal(model, address, response.status);
}

function refusal({ name }: HubModel, address: string, status: number) {
  // The hub answers 401 for models that do not exist, too.
  if (status === 401) return checkpointError(`${name}: ${address} answers 401; check the name (there is no folder of that name either), or, for a private or gated model, set HF_TOKEN to an access token of yours`);
  if (status === 403) return checkpointError(`${name}: ${address} answers 403; the model is gated: accept its conditions on its page and set HF_TOKEN to an access token of yours`);
  return checkpointError(`${name}: ${address} answers ${status}; try again later`);
}

async function writeBody(response: Response, file: string, { label, log }: { label: string; log: Logger }): Promise<void> {
  const expected = Number(response.headers.get('content-length') ?? NaN);
  const progress = expected > WORTH_MENTIONING ? createProgress({ label, total: Math.round(expected / MEGABYTE), unit: 'MB', log }) : undefined;
  let received = 0;
  const handle = await fs.promises.open(file, 'w');
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      await handle.writeFile(part);
      received += part.length;
      progress?.update(Math.round(received / MEGABYTE));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (Number.isFinite(expected) && received !== expected) throw new Error(`${received} of ${expected} bytes came`);
  progress?.finish();
}

function brokenOff({ hub, model, file }: FileOfModel, target: string, cause: unknown) {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC') {
    return checkpointError(`${target}: cannot be written (${code}); free or open that disk, or download the model elsewhere and give its folder`, cause);
  }
  return checkpointError(`${model.name}: the download of ${file} from ${hub.host} broke off (${reasonOf(cause)}); run the command again`, cause);
}

/** fetch hides what went wrong in the cause of its error. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? (cause?.message || message);
}
