/** ICD-10-CM diagnoses: code → subcategories → category → block → chapter. */
import { readRanges } from './ranges.js';
import { createCodeSystem, prefixesToCategory, withDot, type CodeSystem } from './system.js';

// A letter, a digit, a digit or letter (C4A, Z3A); at most four more characters.
const pattern = /^([A-Z]\d[0-9A-Z])(?=[0-9A-Z]{0,4}$)/;

/**
 * The seventh character is an extension (encounter, laterality of an eye, foetus); the placeholder X before it fills places that
 * have no meaning, so both go at once: S02.0XXA → S02.0, W19.XXXA → W19, but T36.0X1A → T36.0X1 → T36.0X, as in the tabular list.
 */
function subcategories(code: string): string[] {
  const isExtended = code.replace('.', '').length === 7;
  if (!isExtended) return prefixesToCategory(code);
  const parent = code.slice(0, -1).replace(/\.?X+$/, '');
  return [parent, ...prefixesToCategory(parent)];
}

export function createIcd10Cm(supplied?: ReadonlyMap<string, string>): CodeSystem {
  const ranges = readRanges('icd10cm-ranges');
  return createCodeSystem({
    id: 'icd10cm',
    name: 'ICD-10-CM diagnoses',
    canonical: (compact) => withDot(compact, pattern),
    ancestors: (code) => [...subcategories(code), ...ranges.around(code.split('.')[0]!)],
    bundled: ranges.titles,
    supplied,
  });
}
