/** All that a run is told to, by what was asked on the command line, in the configuration and in MLflow's variables. */
import type { Logger } from '../core/log.js';
import { configurationError } from '../core/errors.js';
import type { Tracker } from '../training/tracker.js';
import type { TrackingConfig, UploadModel } from './config.js';
import { fanOut } from './fan-out.js';
import { createMetricsFile } from './metrics-file.js';
import { serverAddress } from './mlflow/address.js';
import type { MlflowSettings } from './mlflow/settings.js';
import { createMlflowTracker } from './mlflow/tracker.js';
import { createTensorBoardTracker } from './tensorboard/tracker.js';

/** What was asked on the command line. */
export interface TrackingRequest {
  tensorboard?: string;
  /** False: not even where the configuration or the environment names a server. */
  mlflow?: string | false;
  experiment?: string;
  register?: string;
  alias?: string;
  uploadModel?: boolean;
}

export interface TrackingContext {
  signal: AbortSignal;
  log: Logger;
  env?: NodeJS.ProcessEnv;
}

const DEFAULT_EXPERIMENT = 'medweave';

/** `metrics.jsonl` in the run's directory always; the rest as asked. @throws configuration error for settings that contradict each other */
export function openTracker(request: TrackingRequest, config: TrackingConfig, { signal, log, env = process.env }: TrackingContext): Tracker {
  const { every } = config;
  return fanOut([createMetricsFile(every), ...openOutsideTrackers(request, config, { signal, log, env })], { every, log });
}

/** Those beside the run's own file. */
export function openOutsideTrackers(request: TrackingRequest, config: TrackingConfig, { signal, log, env = process.env }: TrackingContext): Tracker[] {
  const { every } = config;
  const tensorboard = request.tensorboard ?? config.tensorboard;
  const settings = mlflowSettings(request, config, { log, env });
  return [...(tensorboard === null ? [] : [createTensorBoardTracker(tensorboard, every)]), ...(settings ? [createMlflowTracker({ settings, every, signal, log })] : [])];
}

/** Flags go before the configuration, and that before the environment. @returns undefined where no server is named */
export function mlflowSettings(request: TrackingRequest, { mlflow }: TrackingConfig, { log, env }: { log: Logger; env: NodeJS.ProcessEnv }): MlflowSettings | undefined {
  const register = request.register ?? mlflow.register ?? undefined;
  const alias = request.alias ?? mlflow.alias ?? undefined;
  const server = namedServer(request, mlflow.url, { log, env });
  if (alias !== undefined && register === undefined) throw configurationError(`--alias ${alias}: of which model? Name it with --register`);
  if (register !== undefined && !server) throw configurationError(`--register ${register}: there is no server to register it on; name one with --mlflow, or in MLFLOW_TRACKING_URI`);
  if (!server) return undefined;
  return {
    address: serverAddress(server.text, server.where, env),
    experiment: request.experiment ?? mlflow.experiment ?? (env.MLFLOW_EXPERIMENT_NAME || DEFAULT_EXPERIMENT),
    user: mlflow.user ?? undefined,
    register,
    alias,
    uploadModel: uploadOf(request.uploadModel) ?? mlflow.upload_model,
  };
}

const uploadOf = (flag: boolean | undefined): UploadModel | undefined => (flag === undefined ? undefined : flag ? 'always' : 'never');

function namedServer({ mlflow: flag }: TrackingRequest, configured: string | null, { log, env }: { log: Logger; env: NodeJS.ProcessEnv }): { text: string; where: string } | undefined {
  if (flag === false) return undefined;
  if (flag !== undefined) return { text: flag, where: '--mlflow' };
  if (configured !== null) return { text: configured, where: 'tracking.mlflow.url' };
  const text = env.MLFLOW_TRACKING_URI;
  if (!text) return undefined;
  if (/^https?:/.test(text)) return { text, where: 'MLFLOW_TRACKING_URI' };
  log.warn('MLFLOW_TRACKING_URI names no http(s) server, and medweave talks to those only: nothing is sent to MLflow');
  return undefined;
}
