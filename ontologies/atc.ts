/** WHO ATC: substance (7 characters) → chemical subgroup (5) → pharmacological (4) → therapeutic (3) → anatomical group (1). */
import { createCodeSystem, type CodeSystem } from './system.js';
import { readTable, readTitles } from './tables.js';

const pattern = /^[ABCDGHJLMNPRSV](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$/;
const levels = [5, 4, 3, 1];

/** Codes of any level are codes: a vocabulary may be cut at `N02B`. */
export const isAtcCode = (text: string): boolean => pattern.test(text);

/** Cuts an ATC code at level 1–5; a code that is shorter stays as it is. */
export const atcAtLevel = (code: string, level: 1 | 2 | 3 | 4 | 5): string => code.slice(0, [1, 3, 4, 5, 7][level - 1]);

export function createAtc(supplied?: ReadonlyMap<string, string>): CodeSystem {
  return createCodeSystem({
    id: 'atc',
    name: 'Anatomical Therapeutic Chemical classification',
    canonical: (compact) => (isAtcCode(compact) ? compact : null),
    ancestors: (code) => levels.filter((length) => length < code.length).map((length) => code.slice(0, length)),
    bundled: new Map([...readTitles('atc-groups'), ...substanceTitles()]),
    supplied,
  });
}

/** Names of substances from the drug table, for the codes that it gives to one ingredient only (`N02BE51` has many combinations). */
function substanceTitles(): Map<string, string> {
  const names = new Map<string, string[]>();
  for (const { cells } of readTable('drug-atc')) {
    const codes = cells.codes!.split(' ').map((code) => code.split(':').at(-1)!);
    for (const code of new Set(codes.filter((text) => text.length === 7))) names.set(code, [...(names.get(code) ?? []), cells.ingredient!]);
  }
  return new Map([...names].flatMap(([code, [name, ...others]]) => (others.length ? [] : [[code, name!] as const])));
}
