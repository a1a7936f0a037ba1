/** Options of every command whose figures can be tracked. */
import type { Argv } from 'yargs';
import type { TrackingRequest } from '../tracking/open-tracker.js';

export type PlaceArgs = Pick<TrackingRequest, 'tensorboard' | 'mlflow'>;

/** Where figures go. */
export const placeOptions = <Args>(yargs: Argv<Args>): Argv<Args & PlaceArgs> =>
  yargs
    .option('tensorboard', { type: 'string', describe: 'folder for TensorBoard event files (tracking.tensorboard)' })
    .option('mlflow', { type: 'string', describe: 'address of an MLflow server; by default tracking.mlflow.url, else $MLFLOW_TRACKING_URI; --no-mlflow: none' }) as unknown as Argv<Args & PlaceArgs>;

/** The same, and what becomes of a run on an MLflow server. */
export const trackingOptions = <Args>(yargs: Argv<Args>): Argv<Args & TrackingRequest> =>
  placeOptions(yargs)
    .option('experiment', { type: 'string', describe: 'MLflow experiment; by default $MLFLOW_EXPERIMENT_NAME, else medweave' })
    .option('register', { type: 'string', describe: 'name to register the finished model under, in MLflow' })
    .option('alias', { type: 'string', describe: 'alias to give the registered version, e.g. champion' })
    .option('upload-model', { type: 'boolean', describe: 'send weights and vocabularies to MLflow, also to another machine and from data that is not to be shared; --no-upload-model: never' }) as unknown as Argv<Args & TrackingRequest>;

/** Of a parsed command line, what concerns tracking. */
export const trackingRequest = ({ tensorboard, mlflow, experiment, register, alias, uploadModel }: TrackingRequest): TrackingRequest => ({ tensorboard, mlflow, experiment, register, alias, uploadModel });
