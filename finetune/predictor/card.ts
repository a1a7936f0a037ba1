/** What a predictor says of itself. */
import type { Manifest } from '../../src/core/artifact.js';
import type { PredictorCard } from './predictor.js';

export interface CardFacts extends Pick<PredictorCard, 'task' | 'inputs' | 'maxTokens'> {
  labels: readonly { system: string }[];
}

export function cardOf({ command, version, licence_notice, do_not_share }: Manifest, { task, inputs, labels, maxTokens }: CardFacts): PredictorCard {
  return {
    command,
    task,
    inputs,
    labels: labels.length,
    systems: [...new Set(labels.map(({ system }) => system))],
    ...(maxTokens !== undefined && { maxTokens }),
    ...(licence_notice !== undefined && { licenceNotice: licence_notice }),
    ...(do_not_share && { doNotShare: true as const }),
    version,
  };
}
