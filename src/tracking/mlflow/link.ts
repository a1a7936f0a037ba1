/** `mlflow.json` of a run directory: which run of which server it is. Not in the manifest, so that tracking a run makes it no other run. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../core/output-file.js';

const linkSchema = z.object({ url: z.string(), experiment_id: z.string(), run_id: z.string() });
export type MlflowLink = z.output<typeof linkSchema>;

const LINK = 'mlflow.json';

export const writeLink = (directory: string, link: MlflowLink): void => writeWhole(path.join(directory, LINK), `${JSON.stringify(link, null, 2)}\n`);

/** @returns undefined where the run is on no server, or the file is damaged */
export function readLink(directory: string): MlflowLink | undefined {
  try {
    return linkSchema.parse(JSON.parse(fs.readFileSync(path.join(directory, LINK), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Of the run in MLflow's pages. */
export const pageOf = ({ url, experiment_id, run_id }: MlflowLink): string => `${url}/#/experiments/${experiment_id}/runs/${run_id}`;

/** Files of a run directory that say how it was tracked, and are no part of its model. */
export const isTrackingFile = (name: string): boolean => name === LINK || name === 'metrics.jsonl';
