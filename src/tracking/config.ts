/** The `tracking` section of a configuration: where a run's figures go besides its own directory. It is no part of what makes two runs the same. */
import { z } from 'zod';

/** An MLflow server: the run, its curves, its artifacts and its model. */
const mlflowSchema = z.strictObject({
  /** Address of an MLflow server, e.g. http://127.0.0.1:5000; by default $MLFLOW_TRACKING_URI, else none. */
  url: z.string().min(1).nullable().default(null),
  /** By default $MLFLOW_EXPERIMENT_NAME, else `medweave`. It is made where it does not exist. */
  experiment: z.string().min(1).max(500).nullable().default(null),
  /** Shown as the run's user; by default none is named. */
  user: z.string().min(1).nullable().default(null),
  /** Registers the finished model under this name. */
  register: z.string().min(1).nullable().default(null),
  /** Points this alias at the registered version. */
  alias: z.string().min(1).nullable().default(null),
  /**
   * Weights, vocabularies and word pieces, which come from the words of notes. `auto`: not to another machine where the data is not to be shared
   * (docs/decisions/0093).
   */
  upload_model: z.enum(['auto', 'always', 'never']).default('auto'),
});

export const trackingSchema = z.strictObject({
  /** Steps between the points of loss, gradient norm and speed. */
  every: z.int().positive().default(10),
  /** Folder of TensorBoard event files, one sub-folder a run. */
  tensorboard: z.string().min(1).nullable().default(null),
  mlflow: mlflowSchema.prefault({}),
});

export type TrackingConfig = z.output<typeof trackingSchema>;
export type UploadModel = TrackingConfig['mlflow']['upload_model'];
