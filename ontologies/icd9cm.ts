/** ICD-9-CM diagnoses: code → subcategory → category → block → chapter, with the V and E chapters. */
import { readRanges } from './ranges.js';
import { createCodeSystem, prefixesToCategory, withDot, type CodeSystem } from './system.js';
import { readTitles } from './tables.js';

// Three digits, V and two, or E and three, then at most two digits (one after an E category).
const pattern = /^(\d{3}(?=\d{0,2}$)|V\d{2}(?=\d{0,2}$)|E\d{3}(?=\d?$))/;

export function createIcd9Cm(supplied?: ReadonlyMap<string, string>): CodeSystem {
  const ranges = readRanges('icd9cm-ranges');
  return createCodeSystem({
    id: 'icd9cm',
    name: 'ICD-9-CM diagnoses',
    canonical: (compact) => withDot(compact, pattern),
    ancestors: (code) => [...prefixesToCategory(code), ...ranges.around(code.split('.')[0]!)],
    bundled: new Map([...ranges.titles, ...readTitles('icd9cm-categories')]),
    supplied,
  });
}
