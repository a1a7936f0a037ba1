/** Opens whatever can predict: a fine-tuned run, a baseline, a combined coder. */
import { expectArtifact } from '../../src/core/artifact.js';
import type { Device } from '../../src/engine/index.js';
import { openBaselinePredictor } from './baseline-predictor.js';
import { openCoderPredictor } from './coder-predictor.js';
import type { Predictor } from './predictor.js';
import { openRunPredictor } from './run-predictor.js';

export interface OpenPredictorOptions {
  device: Device;
  /** Linear layers in 8-bit integers. */
  quantize?: 'int8';
}

const openers = { finetune: openRunPredictor, baseline: openBaselinePredictor, coder: openCoderPredictor };

/** @param dir written by `medweave finetune`, `baseline` or `coder` @throws data or checkpoint error for anything else */
export async function openPredictor(dir: string, options: OpenPredictorOptions): Promise<Predictor> {
  const { command } = expectArtifact(dir, ...Object.keys(openers));
  return openers[command as keyof typeof openers](dir, options);
}
