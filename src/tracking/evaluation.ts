/** Figures of an evaluation, told to where the run itself is tracked. */
import path from 'node:path';
import fs from 'node:fs';
import { readManifest } from '../core/artifact.js';
import { configurationError } from '../core/errors.js';
import { namedFigures, type Figures } from '../metrics/named-figures.js';
import type { MetricPoint } from '../training/tracker.js';
import { trackingSchema } from './config.js';
import { getRun, logBatch, type Run } from './mlflow/api.js';
import { artifactPath, uploadFile } from './mlflow/artifacts.js';
import { createClient, MlflowFailure, type MlflowClient } from './mlflow/client.js';
import { persistently } from './mlflow/finish.js';
import { metricsOf } from './mlflow/limits.js';
import { pageOf, readLink } from './mlflow/link.js';
import { unusable } from './mlflow/open-run.js';
import { mlflowSettings, type TrackingContext, type TrackingRequest } from './open-tracker.js';
import { runName } from './run-name.js';
import { appendScalars } from './tensorboard/tracker.js';

export interface Evaluated {
  /** What `medweave evaluate` wrote. */
  directory: string;
  split: string;
  figures: Figures;
}

export type EvaluationRecorder = (evaluated: Evaluated) => Promise<readonly string[]>;

export type EvaluationTracking = Pick<TrackingRequest, 'tensorboard' | 'mlflow'>;

/** To be opened before the evaluation. @throws configuration error when the run is not where it was said to be */
export async function openEvaluationRecorder(run: string, request: EvaluationTracking, context: TrackingContext): Promise<EvaluationRecorder> {
  const recorders: EvaluationRecorder[] = [];
  if (request.tensorboard !== undefined) recorders.push(tensorBoardRecorder(run, request.tensorboard));
  const mlflow = await mlflowRecorder(run, request, context);
  if (mlflow) recorders.push(mlflow);
  return async (evaluated) => (await Promise.all(recorders.map((record) => record(evaluated)))).flat();
}

/** Figures belong to the step whose weights were kept. */
function pointOf(run: string, { split, figures }: Evaluated): MetricPoint {
  const { best } = readManifest(run) as { best?: { step: number } };
  return { step: best?.step ?? 0, time: Date.now(), values: namedFigures(split, figures) };
}

const tensorBoardRecorder = (run: string, folder: string): EvaluationRecorder => async (evaluated) => {
  appendScalars(path.join(folder, runName(run)), pointOf(run, evaluated));
  return [];
};

async function mlflowRecorder(run: string, request: EvaluationTracking, { log, env = process.env }: TrackingContext): Promise<EvaluationRecorder | undefined> {
  const settings = mlflowSettings(request, trackingSchema.parse({}), { log, env });
  if (!settings) return undefined;
  const { url } = settings.address;
  const link = readLink(run);
  if (link?.url !== url) {
    const message = `${run}: ${link ? `is tracked on ${link.url}, not` : 'is not'} on ${url}; \`medweave track ${run} --mlflow ${url}\` puts it there`;
    if (typeof request.mlflow === 'string') throw configurationError(message);
    log.info(`mlflow: ${message}`);
    return undefined;
  }
  const client = createClient(settings.address);
  const known = await getRun(client, link.run_id).catch((error: unknown) => {
    throw error instanceof MlflowFailure ? unusable(error, settings.address) : error;
  });
  if (!known) throw configurationError(`${run}: ${url} no longer has its run ${link.run_id}; \`medweave track ${run} --mlflow ${url}\` makes a new one`);
  return async (evaluated) => {
    const failure = await send(client, known, { run, evaluated }).then(() => undefined, (error: unknown) => error as Error);
    if (!failure) {
      log.info(`mlflow: figures are at ${pageOf(link)}`);
      return [];
    }
    const problem = `mlflow: the figures have not reached ${url} (${failure.message}); the same command again sends them`;
    log.warn(problem);
    return [problem];
  };
}

async function send(client: MlflowClient, { info: { run_id, artifact_uri } }: Run, { run, evaluated }: { run: string; evaluated: Evaluated }): Promise<void> {
  await persistently(() => logBatch(client, run_id, { metrics: metricsOf(pointOf(run, evaluated)) }));
  const folder = artifactPath(artifact_uri, client.address.url);
  const file = path.join(evaluated.directory, 'evaluation.json');
  if (folder !== undefined && fs.existsSync(file)) await persistently(() => uploadFile(client, file, { folder: `${folder}/evaluation/${evaluated.split}` }));
}
