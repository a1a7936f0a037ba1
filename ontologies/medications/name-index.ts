/** Names → ingredients: exact names first, then with less and less of the order's wording, then the parts of a combination. */
import { nameKey, splitBrackets, splitCombination, withoutForms, withoutMarks, withoutNumbers, withoutSalts, withoutStrength } from './clean.js';
import { withoutFluids } from './fluids.js';
import type { Route } from './route.js';

export interface RoutedCode {
  atc: string;
  /** The code holds for this route only; codes without a route are the default. */
  route?: Route;
}

export interface Ingredient {
  name: string;
  /** Empty for an ingredient that has a code only in combinations (clavulanate). */
  codes: RoutedCode[];
}

export interface NameIndex {
  names: Map<string, Ingredient>;
  /** Sorted part names joined by ` + ` → the combination. */
  combinations: Map<string, Ingredient>;
}

export const createNameIndex = (): NameIndex => ({ names: new Map(), combinations: new Map() });

/** Adds an ingredient under its name and aliases; `a + b` is a combination of ingredients. The first entry of a name wins. */
export function addIngredient(index: NameIndex, ingredient: Ingredient, aliases: readonly string[] = []): void {
  for (const name of [ingredient.name, ...aliases]) {
    const key = nameKey(name);
    if (key && !index.names.has(key)) index.names.set(key, ingredient);
  }
  const parts = ingredient.name.split(' + ');
  if (parts.length > 1) index.combinations.set(combinationKey(parts), ingredient);
}

const combinationKey = (parts: readonly string[]): string => [...new Set(parts.map(nameKey))].sort().join(' + ');

/** The whole name, exactly (apart from case, punctuation and hospital marks). */
export const findExact = ({ names }: NameIndex, name: string): Ingredient | undefined => names.get(nameKey(withoutMarks(name)));

/** The one entry the text names as a whole: with its brackets, without them, without the fluid it is dissolved in. */
export function findWhole(index: NameIndex, name: string): Ingredient | undefined {
  const text = withoutMarks(name);
  const { outside } = splitBrackets(text);
  return [text, outside, withoutFluids(outside)].flatMap((candidate) => resolve(index, candidate) ?? [])[0];
}

/**
 * The ingredients a drug order names; empty when none is recognised.
 *
 * Tried in this order, the first hit wins: the text as a whole, as a combination, the same for the text inside each bracket (where
 * brand names are), and last the longest known phrase inside the text.
 */
export function findIngredients(index: NameIndex, name: string): Ingredient[] {
  const whole = findWhole(index, name);
  if (whole) return [whole];
  const { outside, inside } = splitBrackets(withoutMarks(name));
  const undiluted = withoutFluids(outside) || outside;
  const attempts = [() => resolveCombination(index, undiluted), ...inside.map((part) => () => resolveWithin(index, part)), () => longestPhrase(index, undiluted)];
  for (const attempt of attempts) {
    const found = attempt();
    if (found.length) return found;
  }
  return [];
}

/** One ingredient from a text, with less and less of the wording. */
function resolve({ names }: NameIndex, text: string): Ingredient | undefined {
  const whole = nameKey(text);
  const formless = withoutForms(whole);
  const plain = withoutNumbers(withoutForms(nameKey(withoutStrength(text))));
  const candidates = [whole, withoutNumbers(nameKey(withoutStrength(text))), formless, plain, withoutSalts(plain)];
  return candidates.filter(Boolean).flatMap((key) => names.get(key) ?? [])[0];
}

const resolveWithin = (index: NameIndex, text: string): Ingredient[] => {
  const found = resolve(index, text);
  return found ? [found] : resolveCombination(index, text);
};

/** A known combination of the parts, else each part that is known. */
function resolveCombination(index: NameIndex, text: string): Ingredient[] {
  const parts = splitCombination(withoutStrength(text));
  if (parts.length < 2) return [];
  const found = parts.map((part) => ({ part, ingredient: resolve(index, part) ?? leadingWords(index, part) }));
  const named = found.map(({ part, ingredient }) => ingredient?.name ?? withoutSalts(withoutForms(nameKey(part)))).filter(Boolean);
  const combination = index.combinations.get(combinationKey(named.flatMap((part) => part.split(' + '))));
  if (combination) return [combination];
  return [...new Set(found.flatMap(({ ingredient }) => (ingredient?.codes.length ? ingredient : [])))];
}

/** The longest known beginning of a part: `heart failure` after a dash names no drug, `fentanyl citrate high dose` does. */
function leadingWords({ names }: NameIndex, text: string): Ingredient | undefined {
  const tokens = nameKey(withoutStrength(text)).split(' ');
  return tokens.flatMap((_, cut) => names.get(tokens.slice(0, tokens.length - cut).join(' ')) ?? [])[0];
}

/** The longest run of words that is a known name; the earliest of equals. Short words alone are too ambiguous. */
function longestPhrase({ names }: NameIndex, text: string): Ingredient[] {
  const tokens = nameKey(withoutStrength(text)).split(' ');
  for (let length = tokens.length - 1; length > 0; length--) {
    for (let start = 0; start + length <= tokens.length; start++) {
      const phrase = tokens.slice(start, start + length).join(' ');
      const found = phrase.length > 3 ? names.get(phrase) : undefined;
      if (found) return [found];
    }
  }
  return [];
}

/** The codes of an ingredient for a route: those of the route where the table has them, else the default. */
export function codesFor({ codes }: Ingredient, route: Route | undefined): string[] {
  const special = codes.filter((code) => code.route !== undefined && code.route === route);
  return (special.length ? special : codes.filter((code) => code.route === undefined)).map(({ atc }) => atc);
}
