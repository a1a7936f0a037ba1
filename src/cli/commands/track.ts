/** `medweave track`: a run that is there already → MLflow, TensorBoard. */
import { configurationError } from '../../core/errors.js';
import { trackRun } from '../../tracking/track-run.js';
import type { TrackingRequest } from '../../tracking/open-tracker.js';
import { defineCommand } from '../command.js';
import { configOptions, loadRunConfig, type ConfigArgs } from '../run-config.js';
import { trackingOptions } from '../tracking-options.js';

interface TrackArgs extends ConfigArgs, TrackingRequest {
  run: string;
}

export default defineCommand<TrackArgs>({
  usage: 'track <run>',
  describe: 'Send a run that is there already to MLflow or TensorBoard: for the first time, or what had not arrived',
  builder: (yargs) => trackingOptions(configOptions(yargs).positional('run', { type: 'string', demandOption: true, describe: 'run directory, finished or (….partial) interrupted' })) as never,
  async run(args, { log, signal }) {
    const { run } = args;
    const { trackers, points, problems } = await trackRun(run, args, loadRunConfig(args).tracking, { signal, log });
    if (!trackers) throw configurationError(`${run}: where to? Name an MLflow server (--mlflow) or a folder for TensorBoard (--tensorboard)`);
    const text = problems.length ? `${run}: not everything was sent` : `${run}: sent, ${points} points`;
    return { text, json: { run, points, problems }, failed: problems.length > 0 };
  },
});
