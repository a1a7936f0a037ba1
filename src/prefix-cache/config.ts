/** The `cache` section of a run's configuration. */
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

export const cacheConfigSchema = z.strictObject({
  /** Keep the output of frozen layers on disk, so that an epoch costs only the layers that train. */
  enabled: z.boolean().default(true),
  /** Folder of all caches; by default $MEDWEAVE_CACHE, else $XDG_CACHE_HOME/medweave, else ~/.cache/medweave. Vectors of patients' notes go there. */
  directory: z.string().min(1).optional(),
  /** float32 gives exactly the results of a run without the cache, at twice the size. */
  precision: z.enum(['float16', 'float32']).default('float16'),
});

export type CacheConfig = z.infer<typeof cacheConfigSchema>;

/** The configured folder, else $MEDWEAVE_CACHE, else $XDG_CACHE_HOME/medweave, else ~/.cache/medweave. An empty variable counts as none. */
export function cacheDirectory(configured?: string, env: NodeJS.ProcessEnv = process.env): string {
  const chosen = configured || env.MEDWEAVE_CACHE || path.join(env.XDG_CACHE_HOME || '~/.cache', 'medweave');
  return path.resolve(chosen.replace(/^~(?=\/|$)/, os.homedir()));
}
