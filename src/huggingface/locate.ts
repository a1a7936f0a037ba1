/** Finds a checkpoint by folder or by its name on the hub, downloading it when no cache has it. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointError, configurationError, MedweaveError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { readArchitecture } from './architecture.js';
import { CONFIG, missingFiles, MODULES, shardsOf, TOKENIZER_COMPANIONS, TOKENIZER_FORMS, transformerFolder } from './checkpoint-files.js';
import { hasPickledWeights, hubWithoutSafetensors, OTHER_WEIGHTS, withoutSafetensors } from './conversion.js';
import { download, existsOnHub, reasonOf } from './download.js';
import { openHub, packageFolder, pythonFolder, type Hub, type HubModel } from './hub.js';
import { WEIGHTS, WEIGHTS_INDEX } from './weight-files.js';

export interface LocateOptions {
  log: Logger;
  /** Branch, tag or commit on the hub; `name@revision` says the same. */
  revision?: string;
}

/** As the transformers package judges names; a revision after `@` is ours. */
const NAME = /^((?:[\w.-]+\/)?[\w.-]{1,96})(?:@([\w./-]+))?$/;

/**
 * Finds the folder with a checkpoint's config.json, weights and tokenizer.
 * @param nameOrDir a folder, or a name on the hub (`organisation/model`, `organisation/model@revision`). Names are looked up in the
 * transformers package's cache, then in that of Python's huggingface_hub (read only), then downloaded into the former
 * @throws configuration error when it is neither; checkpoint error when the files cannot be had (the message says which and why)
 */
export async function locateCheckpoint(nameOrDir: string, { log, revision }: LocateOptions): Promise<string> {
  const stat = fs.statSync(nameOrDir, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path.join(nameOrDir, transformerFolder(nameOrDir));
  if (stat) throw configurationError(`${nameOrDir}: is a file; give the folder it is in, or a name on the Hugging Face hub`);
  const model = asHubModel(nameOrDir, revision);
  const hub = await openHub();
  const cached = [packageFolder(hub, model), pythonFolder(model)].filter((dir) => dir !== undefined).map(withinFolder).find((dir) => !missingFiles(dir).length);
  if (cached) {
    log.debug({ checkpoint: nameOrDir, folder: cached }, 'found in the cache');
    return cached;
  }
  if (hub.offline) throw offlineError(hub, model);
  return await fetchCheckpoint(hub, model, log);
}

const withinFolder = (dir: string): string => path.join(dir, transformerFolder(dir));

function asHubModel(text: string, revision: string | undefined): HubModel {
  const match = NAME.exec(text);
  if (!match || text.startsWith('.') || /\.\.|--/.test(text)) {
    throw configurationError(`${text}: no such folder, and not a name on the Hugging Face hub (organisation/model); check the path`);
  }
  return { name: match[1]!, revision: revision ?? match[2] ?? 'main' };
}

/** Config first, since it may be refused; weights last, so that a folder which has them has everything. */
async function fetchCheckpoint(hub: Hub, model: HubModel, log: Logger): Promise<string> {
  const root = packageFolder(hub, model);
  const fetchInto = async (file: string): Promise<boolean> => fs.existsSync(path.join(root, file)) || (await download({ hub, model, file }, path.join(root, file), log));
  try {
    await fetchInto(MODULES);
    const folder = transformerFolder(root);
    const inFolder = (file: string): Promise<boolean> => fetchInto(path.posix.join(folder, file));
    if (!(await inFolder(CONFIG))) throw checkpointError(`${model.name}: ${hub.host} has no config.json for it (revision ${model.revision}); check the name (there is no folder of that name either)`);
    const dir = path.join(root, folder);
    readArchitecture(dir);
    await fetchTokenizer(inFolder);
    await fetchWeights(dir, inFolder, () => noWeights(hub, model, folder));
    return dir;
  } catch (cause) {
    throw cause instanceof MedweaveError ? cause : unreachable(hub, model, cause);
  }
}

/** @returns whether the hub has the file */
type Fetch = (file: string) => Promise<boolean>;

async function fetchTokenizer(fetchFile: Fetch): Promise<void> {
  for (const file of TOKENIZER_COMPANIONS) await fetchFile(file);
  for (const form of TOKENIZER_FORMS) if (await fetchAll(form, fetchFile)) return;
}

async function fetchAll(files: readonly string[], fetchFile: Fetch): Promise<boolean> {
  for (const file of files) if (!(await fetchFile(file))) return false;
  return true;
}

async function fetchWeights(dir: string, fetchFile: Fetch, noneError: () => Promise<MedweaveError>): Promise<void> {
  if (await fetchFile(WEIGHTS)) return;
  if (!(await fetchFile(WEIGHTS_INDEX))) throw await noneError();
  for (const shard of shardsOf(dir)) {
    if (!(await fetchFile(shard))) throw checkpointError(`${dir}: the hub has no shard ${shard}, which ${WEIGHTS_INDEX} lists; the model is incomplete there`);
  }
}

async function noWeights(hub: Hub, model: HubModel, folder: string): Promise<MedweaveError> {
  const pickled = pickledInPython(model);
  if (pickled) return withoutSafetensors(pickled);
  const present: string[] = [];
  for (const file of OTHER_WEIGHTS) if (await existsOnHub({ hub, model, file: path.posix.join(folder, file) })) present.push(file);
  return hubWithoutSafetensors(model.name, model.revision, present);
}

/** Python's folder of the model, when all that it needs is to be converted. */
function pickledInPython(model: HubModel): string | undefined {
  const root = pythonFolder(model);
  const dir = root && withinFolder(root);
  return dir && missingFiles(dir).join() === WEIGHTS && hasPickledWeights(dir) ? dir : undefined;
}

function unreachable(hub: Hub, model: HubModel, cause: unknown): MedweaveError {
  return notFetched(hub, model, { why: `${hub.host} cannot be reached (${reasonOf(cause)})`, remedy: 'download them elsewhere and give their folder', cause });
}

const offlineError = (hub: Hub, model: HubModel): MedweaveError =>
  notFetched(hub, model, { why: 'not downloaded, since HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set', remedy: 'unset it, or give a folder' });

function notFetched(hub: Hub, model: HubModel, { why, remedy, cause }: { why: string; remedy: string; cause?: unknown }): MedweaveError {
  const pickled = pickledInPython(model);
  if (pickled) return withoutSafetensors(pickled);
  const { files, folder } = whatIsMissing(hub, model);
  return checkpointError(`${model.name}: is no folder here; ${why}; missing: ${files} (in ${folder}); ${remedy}`, cause);
}

/** Counted in the cache that lacks least. */
function whatIsMissing(hub: Hub, model: HubModel): { files: string; folder: string } {
  const candidates = [packageFolder(hub, model), pythonFolder(model)].filter((dir) => dir !== undefined).map((dir) => ({ folder: dir, missing: missingFiles(withinFolder(dir)) }));
  const [best] = candidates.sort((a, b) => a.missing.length - b.missing.length);
  return { files: best!.missing.join(', '), folder: best!.folder };
}
