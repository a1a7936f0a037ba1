/** Predictions of a fine-tuned run as a file: CodiEsp's ranked codes (.tsv), one JSON object a visit (.jsonl), or rows (.csv). */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { openDataset } from '../../src/dataset/index.js';
import { openDevice } from '../../src/engine/index.js';
import { openFittedRun, type FittedRun } from '../fitted-run.js';
import type { Scored } from '../scoring.js';

export interface PredictOptions {
  run: string;
  data: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  /** Codes a visit, best first. */
  top: number;
  /** Only codes above the run's threshold. */
  thresholded: boolean;
  /** Linear layers in 8-bit integers. */
  int8: boolean;
  device: string;
  force: boolean;
  log: Logger;
}

export interface RankedCode {
  system: string;
  code: string;
  probability: number;
}

type LineFormat = (visit: string, codes: readonly RankedCode[]) => string;

const formats: Record<string, LineFormat> = {
  '.tsv': (visit, codes) => codes.map(({ code }) => `${visit}\t${code.toLowerCase()}\n`).join(''),
  '.jsonl': (visit, codes) => `${JSON.stringify({ visit_id: visit, codes })}\n`,
  '.csv': (visit, codes) => codes.map(({ system, code, probability }) => `${visit},${system},${code},${probability.toFixed(6)}\n`).join(''),
};
const headers: Record<string, string> = { '.csv': 'visit_id,system,code,probability\n' };

/** @returns visits and codes written */
export async function predict({ run, data, split, out, top, thresholded, int8, device, force, log }: PredictOptions): Promise<{ visits: number; codes: number }> {
  const extension = path.extname(out);
  const line = formats[extension];
  if (!line) throw configurationError(`--out ${out}: expected a file ending in ${Object.keys(formats).join(', ')}`);
  const folder = path.dirname(out);
  if (!fs.existsSync(folder)) throw configurationError(`--out ${out}: the folder ${folder} does not exist; make it first`);
  if (fs.existsSync(out) && !force) throw configurationError(`--out ${out}: exists already; choose another name, or --force to replace it`);
  const dataset = await openDataset(data);
  const fitted = await openFittedRun(run, dataset, { device: await openDevice(device, log), quantize: int8 ? 'int8' : undefined, log });
  try {
    const rows = fitted.task.name === 'icd-coding' ? dataset.rowsOf(split) : fitted.task.targets(split);
    const scored = await fitted.score(rows);
    const threshold = thresholded ? fitted.threshold : -1;
    const ranked = Array.from(rows.keys(), (v) => rankedCodes(scored, v, fitted, threshold).slice(0, top));
    const temporary = `${out}.tmp-${process.pid}`;
    fs.writeFileSync(temporary, [headers[extension] ?? '', ...ranked.map((codes, v) => line(dataset.visitIds[rows[v]!]!, codes))].join(''));
    fs.renameSync(temporary, out);
    return { visits: rows.length, codes: ranked.reduce((sum, codes) => sum + codes.length, 0) };
  } finally {
    fitted.dispose();
  }
}

function rankedCodes({ scores, L }: Scored, v: number, { task: { labels } }: FittedRun, threshold: number): RankedCode[] {
  const ofVisit = scores.subarray(v * L, (v + 1) * L);
  return labels
    .map(({ system, code }, label) => ({ system, code, probability: ofVisit[label]! }))
    .filter(({ probability }) => probability > threshold)
    .sort((a, b) => b.probability - a.probability);
}
