/** Losses on dev, for stages whose score is their loss. */
import type { Forward } from './forward.js';
import type { Evaluation } from './loop.js';
import type { Batch } from './program-cache.js';

/** A batch of dev and how much it weighs, e.g. its visits. */
export interface WeightedBatch {
  weight: number;
  load: () => Promise<Batch>;
}

/** Weighted means of what `forward` gives, `loss` among it; the score is the negative loss. */
export async function meanLosses(batches: readonly WeightedBatch[], forward: Forward): Promise<Evaluation> {
  const sums: Record<string, number> = {};
  let total = 0;
  for (const { weight, load } of batches) {
    const outputs = await forward.run(await load());
    for (const [name, value] of Object.entries(outputs)) sums[`dev_${name}`] = (sums[`dev_${name}`] ?? 0) + weight * value[0]!;
    total += weight;
  }
  const metrics = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / Math.max(1, total)]));
  return { score: -(metrics['dev_loss'] ?? 0), metrics };
}
