/** ICD-9-CM procedures (volume 3): code → subcategory → two-digit category → chapter. */
import { readRanges } from './ranges.js';
import { createCodeSystem, prefixesToCategory, withDot, type CodeSystem } from './system.js';
import { readTitles } from './tables.js';

const pattern = /^(\d{2})(?=\d{0,2}$)/;

export function createIcd9Proc(supplied?: ReadonlyMap<string, string>): CodeSystem {
  const ranges = readRanges('icd9proc-ranges');
  return createCodeSystem({
    id: 'icd9proc',
    name: 'ICD-9-CM procedures',
    canonical: (compact) => withDot(compact, pattern),
    ancestors: (code) => [...prefixesToCategory(code), ...ranges.around(code.split('.')[0]!)],
    bundled: new Map([...ranges.titles, ...readTitles('icd9proc-categories')]),
    supplied,
  });
}
