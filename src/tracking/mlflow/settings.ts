/** What is asked of MLflow, and whether it may be done. */
import { configurationError } from '../../core/errors.js';
import { noticesOfInputs } from '../../core/notices.js';
import type { UploadModel } from '../config.js';
import type { ServerAddress } from './address.js';

export interface MlflowSettings {
  address: ServerAddress;
  experiment: string;
  user?: string;
  /** Name in the model registry. */
  register?: string;
  alias?: string;
  uploadModel: UploadModel;
}

/** Weights, vocabularies and word pieces hold words of notes: of data that is not to be shared they leave the machine only when told to (decision 0093). */
export function mayUploadModel({ uploadModel, address }: Pick<MlflowSettings, 'uploadModel' | 'address'>, inputs: readonly string[]): boolean {
  if (uploadModel !== 'auto') return uploadModel === 'always';
  return address.isLoopback || !noticesOfInputs(inputs).do_not_share;
}

/** @throws configuration error when a model is to be registered whose files would not be sent */
export function assertRegistrable(settings: MlflowSettings, inputs: readonly string[]): void {
  const { register, address, uploadModel } = settings;
  if (register === undefined || mayUploadModel(settings, inputs)) return;
  if (uploadModel === 'never') throw configurationError(`--register ${register}: a registered model needs its files; leave out --no-upload-model (tracking.mlflow.upload_model: never)`);
  throw configurationError(`--register ${register}: the data is not to be shared and ${address.url} is another machine; --upload-model sends weights and vocabularies there all the same, if you may`);
}
