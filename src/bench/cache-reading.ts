/** How fast the cache of frozen layers is read, beside how fast steps use up what is read. */
import fs from 'node:fs';
import path from 'node:path';
import type { PretrainStage } from '../../pretrain/stage.js';
import type { BatchPlan } from '../dataset/index.js';
import { timed } from './measure.js';
import { tokensIn } from './run-epoch.js';
import { LEARNING_RATE } from './visit-step.js';

export interface CacheReading {
  /** On disk. */
  mib: number;
  /** Batches of vectors read and laid out, nothing else going on; the files come from the page cache, not from the disk. */
  read_tokens_per_second: number;
  /** Steps with nothing to wait for. */
  step_tokens_per_second: number;
}

/** Batches that are measured. */
const MOST = 8;

/** @param plans batches that the cache holds */
export async function cacheReading({ source, batchOf, trainer }: PretrainStage, plans: readonly BatchPlan[], { directory, signal }: { directory: string; signal: AbortSignal }): Promise<CacheReading> {
  const chosen = plans.slice(0, MOST);
  let [reading, stepping] = [0, 0];
  for (const plan of chosen) {
    signal.throwIfAborted();
    reading += (await timed(() => source.load(plan))).ms;
    const batch = await batchOf(0, plan);
    stepping += (await timed(() => trainer.step(1, [batch], LEARNING_RATE))).ms;
  }
  return { mib: bytesIn(directory) / 2 ** 20, read_tokens_per_second: (1e3 * tokensIn(chosen)) / reading, step_tokens_per_second: (1e3 * tokensIn(chosen)) / stepping };
}

const bytesIn = (directory: string): number =>
  fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
