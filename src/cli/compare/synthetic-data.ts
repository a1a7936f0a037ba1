/** The data of a comparison that was given none: a synthetic MIMIC-IV, by the commands a user would type. */
import path from 'node:path';
import type { CommandContext } from '../command.js';
import { commandLine } from '../demo/steps.js';
import { execute } from '../execute.js';

export interface SyntheticData {
  data: string;
  store: string;
  ceiling: string;
}

/** Makes what is not there yet. @param config prepares the data; a name or a file */
export async function makeSyntheticData({ out, patients, config }: { out: string; patients: number; config: string }, { log, signal, seed = 1 }: CommandContext): Promise<SyntheticData> {
  const [raw, store, data] = ['raw', 'store', 'data'].map((name) => path.join(out, name)) as [string, string, string];
  const steps = [
    ['synth', '--format', 'mimic4', '--patients', String(patients), '--out', raw, '--seed', String(seed)],
    ['ingest', '--source', 'mimic4', '--raw', raw, '--out', store],
    ['prepare', '--store', store, '--out', data, '--config', config, '--seed', String(seed)],
  ];
  for (const argv of steps) {
    log.info(commandLine(argv));
    await execute(argv, { signal, log });
  }
  return { data, store, ceiling: raw };
}
