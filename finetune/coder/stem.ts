/** Stems in the crudest sense: plural and gender endings of Romance languages and the English plural go, so that `renales` meets `renal`. */

/** Shorter words are abbreviations or roots already. */
const SHORTEST = 5;

/** @param key a folded word */
export function stemOf(key: string): string {
  if (!/^\p{L}+$/u.test(key)) return key;
  const singular = key.length >= SHORTEST ? key.replace(/e?s$/, '') : key;
  return singular.length >= SHORTEST ? singular.replace(/[aoe]$/, '') : singular;
}
