/** `MLmodel`, the file that tells MLflow's tools what a folder of artifacts is and which columns it reads. */
import { toYaml } from '../../core/config.js';

export interface MlModelOptions {
  /** The run's manifest. */
  manifest: { command: string; version: string; task?: unknown; created_at: string };
  run_id: string;
  bytes: number;
}

/** Commands whose runs `medweave serve` takes; the others make encoders. */
const SERVED = ['finetune', 'baseline'];

export const MODEL_FOLDER = 'model';

/** The flavour says how the folder is used; the signature is that of POST /invocations (docs/serving.md). */
export function mlModel({ manifest: { command, version, task, created_at }, run_id, bytes }: MlModelOptions) {
  const isServed = SERVED.includes(command);
  return {
    artifact_path: MODEL_FOLDER,
    flavors: { medweave: { version, command, ...(task === undefined ? {} : { task }), data: '.', ...(isServed ? { serve: 'medweave serve --run .' } : {}) } },
    model_size_bytes: bytes,
    // One model a run: its name serves for the model's, too.
    model_uuid: run_id,
    run_id,
    ...(isServed ? { signature: { inputs: JSON.stringify(INPUTS), outputs: JSON.stringify(OUTPUTS), params: null } } : {}),
    utc_time_created: created_at.replace('T', ' ').replace('Z', ''),
  };
}

export const mlModelText = (options: MlModelOptions): string => toYaml(mlModel(options));

const listOf = (type: string) => ({ type: 'array', items: { type } });

const INPUTS = [
  { type: 'string', name: 'text', required: false },
  { ...listOf('string'), name: 'codes', required: false },
];

const OUTPUTS = [
  { ...listOf('string'), name: 'codes', required: true },
  { ...listOf('string'), name: 'systems', required: true },
  { ...listOf('double'), name: 'scores', required: true },
  { ...listOf('string'), name: 'thresholded', required: true },
];
