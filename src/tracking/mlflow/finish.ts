/** What happens to a run on the server when it is over: its files, its model, a version of it in the registry, its status. */
import { setTimeout as pause } from 'node:timers/promises';
import { readManifest, type Manifest } from '../../core/artifact.js';
import { noticeText } from '../../core/notices.js';
import type { Logger } from '../../core/log.js';
import { createModelVersion, createRegisteredModel, logBatch, setAlias, versionsOfRun, type ModelVersion, type Run } from './api.js';
import { uploadModel, uploadRecords } from './artifacts.js';
import { MlflowFailure, type MlflowClient } from './client.js';
import { tagsOf } from './limits.js';
import { MODEL_FOLDER, mlModel } from './ml-model.js';
import type { MlflowSettings } from './settings.js';

export interface DeliveryOptions {
  run: Run;
  settings: MlflowSettings;
  directory: string;
  /** Where the server takes files; undefined where it does not. */
  folder: string | undefined;
  /** Weights and vocabularies may go there. */
  withModel: boolean;
  signal?: AbortSignal;
  log: Logger;
}

/** @throws MlflowFailure */
export async function deliverFiles(client: MlflowClient, { run, settings, directory, folder, withModel, signal, log }: DeliveryOptions): Promise<void> {
  const { url } = client.address;
  if (folder === undefined) return log.warn(`mlflow: ${url} keeps artifacts where only its own clients can write (${run.info.artifact_uri.split(':')[0]!}); metrics are there, files are not${settings.register === undefined ? '' : `, and ${settings.register} has no new version`}`);
  await persistently(() => uploadRecords(client, directory, { folder, signal }));
  if (!withModel) {
    const why = settings.uploadModel === 'never' ? 'as told' : 'the data is not to be shared; --upload-model sends them if you may';
    return log.info(`mlflow: weights and vocabularies stay here (${why})`);
  }
  const { run_id } = run.info;
  const bytes = await persistently(() => uploadModel(client, directory, { folder, run_id, signal }));
  const manifest = readManifest(directory);
  await persistently(() => logBatch(client, run_id, { tags: tagsOf({ 'mlflow.log-model.history': JSON.stringify([mlModel({ manifest, run_id, bytes })]) }) }));
  if (settings.register === undefined) return;
  const { name, version } = await persistently(() => register(client, settings, run, manifest));
  log.info(`mlflow: registered as ${name}, version ${version}${settings.alias === undefined ? '' : `, alias ${settings.alias}`}`);
}

/** A run has one version of a name, however often this is repeated. */
async function register(client: MlflowClient, { register: name, alias }: MlflowSettings, { info: { run_id, artifact_uri } }: Run, manifest: Manifest): Promise<ModelVersion> {
  await createRegisteredModel(client, name!);
  const version = (await versionsOfRun(client, run_id)).find((one) => one.name === name) ?? (await createModelVersion(client, versionOf(name!, { run_id, artifact_uri }, manifest)));
  if (alias !== undefined) await setAlias(client, { name: name!, alias, version: version.version });
  return version;
}

const versionOf = (name: string, { run_id, artifact_uri }: { run_id: string; artifact_uri: string }, manifest: Manifest) => ({
  name,
  source: `${artifact_uri}/${MODEL_FOLDER}`,
  run_id,
  description: [`medweave ${manifest.version}, ${manifest.command}${typeof manifest['task'] === 'string' ? ` ${manifest['task']}` : ''}. Not for clinical use.`, noticeText(manifest)].filter(Boolean).join('\n\n'),
  tags: tagsOf({ 'medweave.version': manifest.version, 'medweave.split_id': manifest.split_id, 'medweave.do_not_share': manifest.do_not_share && 'true' }),
});

const ATTEMPTS = 4;

/** Repeats what failed for a reason that may pass. */
export async function persistently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isAborted = error instanceof MlflowFailure && (error.cause as Error | undefined)?.name === 'AbortError';
      if (attempt === ATTEMPTS || isAborted || !(error instanceof MlflowFailure && error.isPassing)) throw error;
      await pause(500 * 2 ** attempt);
    }
  }
}
