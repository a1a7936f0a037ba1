/** The data of a comparison that was given none: a synthetic MIMIC-IV, by the commands a user would type. */
import path from 'node:path';
import type { CommandContext } from '../command.js';
import { commandLine, syntheticSteps } from '../demo/steps.js';
import { execute } from '../execute.js';
import { DEFAULT_SEED } from '../run-options.js';

export interface SyntheticData {
  data: string;
  store: string;
  ceiling: string;
}

/** Makes what is not there yet. @param config prepares the data; a name or a file */
export async function makeSyntheticData({ out, patients, config }: { out: string; patients: number; config: string }, { log, signal, seed = DEFAULT_SEED }: CommandContext): Promise<SyntheticData> {
  const [raw, store, data] = ['raw', 'store', 'data'].map((name) => path.join(out, name)) as [string, string, string];
  for (const { argv } of syntheticSteps({ raw, store, data }, { patients, seed, config })) {
    log.info(commandLine(argv));
    await execute(argv, { signal, log });
  }
  return { data, store, ceiling: raw };
}
