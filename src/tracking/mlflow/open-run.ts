/** A run on the server before training begins: found again or made, with its parameters. What is wrong is said here, before any time is spent. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fingerprint } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { inGroups } from '../../core/in-groups.js';
import type { Logger } from '../../core/log.js';
import { noticesOfInputs } from '../../core/notices.js';
import { packageVersion } from '../../core/paths.js';
import type { TrackedRun } from '../../training/tracker.js';
import { flatten } from '../parameters.js';
import { runName } from '../run-name.js';
import type { ServerAddress } from './address.js';
import { createExperiment, createRun, experimentByName, getRun, logBatch, logInputs, updateRun, type DatasetInput, type Run } from './api.js';
import { MlflowFailure, type MlflowClient } from './client.js';
import { PARAMETERS_A_BATCH, parametersOf, tagsOf } from './limits.js';
import { readLink, writeLink, type MlflowLink } from './link.js';
import { assertRegistrable, type MlflowSettings } from './settings.js';

export interface OpenedMlflowRun {
  run: Run;
  link: MlflowLink;
}

/** @throws configuration error when the server cannot be used */
export async function openMlflowRun(client: MlflowClient, tracked: TrackedRun, settings: MlflowSettings, log: Logger): Promise<OpenedMlflowRun> {
  const { url } = client.address;
  try {
    assertRegistrable(settings, tracked.inputs);
    const run = (await foundAgain(client, tracked.directory, log)) ?? (await newRun(client, tracked, settings));
    const link = { url, experiment_id: run.info.experiment_id, run_id: run.info.run_id };
    writeLink(tracked.directory, link);
    await logMissingParameters(client, run, tracked);
    await logInputs(client, run.info.run_id, tracked.inputs.slice(0, 1).filter((input) => fs.existsSync(input)).map(datasetInput));
    return { run, link };
  } catch (error) {
    throw error instanceof MlflowFailure ? unusable(error, client.address) : error;
  }
}

/** The run that the directory was tracked as, where the server still has it. */
async function foundAgain(client: MlflowClient, directory: string, log: Logger): Promise<Run | undefined> {
  const link = readLink(directory);
  if (!link || link.url !== client.address.url) return undefined;
  const run = await getRun(client, link.run_id);
  if (!run || run.info.lifecycle_stage === 'deleted') {
    log.warn(`mlflow: run ${link.run_id} was deleted there; a new one is made`);
    return undefined;
  }
  await updateRun(client, { run_id: link.run_id, status: 'RUNNING' });
  return run;
}

async function newRun(client: MlflowClient, { command, out, inputs, startedAt }: TrackedRun, { experiment, user }: MlflowSettings): Promise<Run> {
  const { licence_notice, do_not_share } = noticesOfInputs(inputs);
  const tags = tagsOf({
    'mlflow.source.name': `medweave ${command}`,
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.git.commit': await gitCommit(),
    'mlflow.user': user,
    'medweave.version': packageVersion(),
    'medweave.command': command,
    'medweave.licence': licence_notice,
    'medweave.do_not_share': do_not_share && 'true',
  });
  return createRun(client, { experiment_id: await experimentId(client, experiment), run_name: runName(out), start_time: startedAt ?? Date.now(), tags });
}

async function experimentId(client: MlflowClient, name: string): Promise<string> {
  const found = await experimentByName(client, name);
  if (found?.lifecycle_stage === 'deleted') throw configurationError(`experiment ${name}: was deleted on ${client.address.url}; restore it there, or choose another (--experiment)`);
  if (found) return found.experiment_id;
  const made = await createExperiment(client, name);
  return made ?? (await experimentByName(client, name))!.experiment_id;
}

/** Of the directory that the command was called in. */
async function gitCommit(): Promise<string | undefined> {
  return promisify(execFile)('git', ['rev-parse', 'HEAD'], { timeout: 2000 }).then(({ stdout }) => stdout.trim(), () => undefined);
}

async function logMissingParameters(client: MlflowClient, { info, data }: Run, { config, seed, inputs }: TrackedRun): Promise<void> {
  const there = new Set(data.params.map(({ key }) => key));
  const parameters = parametersOf(flatten({ seed, data: inputs[0] && path.resolve(inputs[0]), ...(config as object) })).filter(({ key }) => !there.has(key));
  for (const params of inGroups(parameters, PARAMETERS_A_BATCH)) await logBatch(client, info.run_id, { params });
}

const DIGEST_LENGTH = 36;

/** Names it; of its content nothing is sent. */
const datasetInput = (directory: string): DatasetInput => ({
  tags: [{ key: 'mlflow.data.context', value: 'training' }],
  dataset: { name: path.basename(path.resolve(directory)), digest: fingerprint(directory).slice(0, DIGEST_LENGTH), source_type: 'local', source: JSON.stringify({ uri: path.resolve(directory) }) },
});

/** One line: what, and what to do. */
export function unusable({ message, status, code }: MlflowFailure, { url }: ServerAddress): Error {
  const where = `--mlflow ${url}`;
  if (status === 401 || status === 403) {
    return configurationError(`${where}: refuses the credentials (${message}); set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN`);
  }
  if (status === undefined) return configurationError(`${where}: ${message}; is the server running, and the address right? --no-mlflow does without`);
  return configurationError(`${where}: ${message}${code ? '' : '; is that an MLflow server?'}`);
}
