/** Route of administration, as far as it decides between the ATC codes of one ingredient. */

export const routes = ['oral', 'injection', 'eye', 'ear', 'nasal', 'inhaled', 'skin', 'mouth', 'vaginal', 'rectal', 'bladder'] as const;
export type Route = (typeof routes)[number];

// Whole words of a drug name (`Ciprofloxacin 0.3% Ophth Soln`). Local routes first: `oral rinse` is for the mouth, `vag cream` not for the skin.
const nameWords: readonly (readonly [Route, RegExp])[] = [
  ['eye', /\b(ophth\w*|opth\w*|eye|eyes|intravitreal)\b/],
  ['ear', /\b(otic|ear)\b/],
  ['nasal', /\b(nasal|intranasal|nostril|nose)\b/],
  ['vaginal', /\b(vag|vaginal|vaginally)\b/],
  ['rectal', /\b(rectal|rectally|enema|supp|supps|suppository|suppositories|pr)\b/],
  ['mouth', /\b(oral rinse|mouthwash|mouth|rinse|lozenge|lozenges|troche|troches|dental|viscous|swish)\b/],
  ['inhaled', /\b(neb|nebs|nebuliz\w*|inh|inhal\w*|mdi|hfa|diskus|respimat|handihaler|aerosol)\b/],
  ['bladder', /\b(bladder|intravesical)\b/],
  ['skin', /\b(cream|ointment|oint|lotion|topical|top|gel|jelly|patch|shampoo|powder 2%|transdermal)\b/],
  ['injection', /\b(iv|im|sc|subq|inj|injection|injectable|infusion|ivpb|gtt|pca|drip)\b/],
  ['oral', /\b(po|oral|orally|tab|tabs|tablet|tablets|cap|caps|capsule|capsules|liquid|elixir|syrup|susp|suspension|chewable|odt|disintegrating)\b/],
];

export const routeInName = (key: string): Route | undefined => nameWords.find(([, words]) => words.test(key))?.[0];

// Values of MIMIC's `route` column, upper case.
const columnValues: readonly (readonly [Route, RegExp])[] = [
  ['eye', /^(BOTH EYES|LEFT EYE|RIGHT EYE|O[UDS]|OPHTH?)$/],
  ['ear', /^(BOTH EARS|LEFT EAR|RIGHT EAR|A[UDS]|OTIC)$/],
  ['nasal', /^(NU|IN|NAS|NASAL|IN NOSTRILS?|NS)$/],
  ['inhaled', /^(IH|NEB|INH|INHALATION|ET)$/],
  ['skin', /^(TP|TD|TOP|TOPICAL)$/],
  ['vaginal', /^(VG|VAG|VAGINAL)$/],
  ['rectal', /^(PR|RECTAL)$/],
  ['mouth', /^(MM|BU|BUCCAL|SW|SWISH|ORAL RINSE|DENT)$/],
  ['bladder', /^(BLADDER|IVES|IRR BLADDER)$/],
  ['injection', /^(IV|IM|SC|SQ|SUBCUT|IJ|IP|IT|EPI|EPIDURAL|IV\b.*|IM\b.*|PIC\b.*|IVT|IVPCA|INTRATHECAL)$/],
  ['oral', /^(PO|NG|ORAL|OG|GT|J TUBE|PO\/.*|NG\/.*|G TUBE|VIA .* TUBE)$/],
];

export function routeInColumn(value: string): Route | undefined {
  const text = value.trim().toUpperCase();
  return columnValues.find(([, values]) => values.test(text))?.[0];
}
