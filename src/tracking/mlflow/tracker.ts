/** A run on an MLflow server: parameters at once, metrics beside training, files and model at the end. */
import type { Logger } from '../../core/log.js';
import { metricsFile } from '../metrics-file.js';
import type { RunStatus, TrackedRun, Tracker } from '../../training/tracker.js';
import { logBatch, updateRun, type MlflowStatus } from './api.js';
import { artifactPath } from './artifacts.js';
import { createClient } from './client.js';
import { deliverFiles, persistently } from './finish.js';
import { pageOf } from './link.js';
import { openMlflowRun, type OpenedMlflowRun } from './open-run.js';
import { createMetricQueue } from './queue.js';
import { createSender, type Sender } from './sender.js';
import { mayUploadModel, type MlflowSettings } from './settings.js';

export interface MlflowTrackerOptions {
  settings: MlflowSettings;
  every: number;
  /** Ends the sending of files. */
  signal: AbortSignal;
  log: Logger;
}

interface Open extends OpenedMlflowRun {
  tracked: TrackedRun;
  folder: string | undefined;
  sender: Sender;
}

const STATUS: Record<RunStatus, MlflowStatus> = { finished: 'FINISHED', failed: 'FAILED', killed: 'KILLED' };

/** Milliseconds for what is left to send; whoever pressed Ctrl-C waits less. */
const PATIENCE: Record<RunStatus, number> = { finished: 30_000, failed: 10_000, killed: 5_000 };

export function createMlflowTracker({ settings, every, signal, log }: MlflowTrackerOptions): Tracker {
  const client = createClient(settings.address);
  const { url } = settings.address;
  let open: Open | undefined;

  const end = async ({ run, tracked, folder, sender }: Open, status: RunStatus, directory: string): Promise<void> => {
    const left = await sender.drain(metricsFile(directory), PATIENCE[status]);
    if (left !== undefined) throw new Error(`metrics: ${left}`);
    const update = () => updateRun(client, { run_id: run.info.run_id, status: STATUS[status], end_time: tracked.endedAt ?? Date.now() }, { timeout: PATIENCE[status] });
    if (status !== 'finished') return void (await update());
    // The run is over, whatever becomes of its files.
    await persistently(update);
    await deliverFiles(client, { run, settings, directory, folder, withModel: mayUploadModel(settings, tracked.inputs), signal, log });
  };

  return {
    every,
    async start(tracked) {
      if (settings.address.isOpenWay) log.warn(`mlflow: credentials go to ${url} unencrypted; prefer https://`);
      const opened = await openMlflowRun(client, tracked, settings, log);
      const { run, link } = opened;
      const folder = artifactPath(run.info.artifact_uri, url);
      const latest = new Map(run.data.metrics.map(({ key, step }) => [key, step]));
      const sender = createSender({
        queue: createMetricQueue(latest), file: metricsFile(tracked.directory), url, log,
        send: (metrics, timeout) => logBatch(client, run.info.run_id, { metrics }, { timeout }),
      });
      open = { ...opened, tracked, folder, sender };
      log.info(`mlflow: ${pageOf(link)}`);
    },
    metrics: () => open?.sender.wake(),
    async finish(status, directory) {
      if (!open) return [];
      const problem = await end(open, status, directory).then(() => undefined, (error: unknown) => error as Error);
      if (!problem) return [];
      const message = `mlflow: not everything has reached ${url} (${problem.message}); nothing is lost: \`medweave track ${directory} --mlflow ${url}\` sends the rest`;
      log.warn(message);
      return [message];
    },
  };
}
