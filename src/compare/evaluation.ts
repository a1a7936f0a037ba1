/** Reads what `evaluate --save-scores` left in a cell. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../core/config.js';
import { dataError } from '../core/errors.js';

/** JSON has no NaN. */
const figure = z.number().nullable().transform((value) => value ?? NaN);
const figures = z.record(z.string(), z.record(z.string(), figure));

const evaluationSchema = z.object({
  visits: z.int(),
  labels: z.int(),
  inputs: z.array(z.string()),
  rows: z.array(z.object({ name: z.string(), threshold: z.number(), figures, bins: figures.optional() })),
});

export interface EvaluatedRow {
  name: string;
  threshold: number;
  /** `dialect.figure` and, of labels by frequency, `bin.figure`; NaN where undefined. */
  figures: Record<string, number>;
}

export interface Evaluation {
  dir: string;
  visits: number;
  labels: number;
  inputs: string[];
  rows: EvaluatedRow[];
}

/** @throws data error when the directory holds no evaluation */
export function readEvaluation(dir: string): Evaluation {
  const file = path.join(dir, 'evaluation.json');
  const { rows, ...rest } = parseConfig(evaluationSchema, readJson(file), file);
  return { dir, ...rest, rows: rows.map(({ name, threshold, figures: byDialect, bins = {} }) => ({ name, threshold, figures: flat({ ...byDialect, ...bins }) })) };
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw dataError(`${file}: cannot be read as JSON; delete its cell and run compare again`, cause);
  }
}

const flat = (nested: Record<string, Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(nested).flatMap(([outer, inner]) => Object.entries(inner).map(([name, value]) => [`${outer}.${name}`, value])));
