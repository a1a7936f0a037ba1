/** RxNorm release files (RRF): NDC → product → ingredients → ATC, and ingredient and brand names → ATC. */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { dataError } from '../../src/core/errors.js';
import { isAtcCode } from '../atc.js';
import { addIngredient, createNameIndex, type Ingredient, type NameIndex } from './name-index.js';
import { normaliseNdc } from './ndc.js';

export interface RxNorm {
  /** The ingredients of a product with ATC codes; undefined when the NDC is not in the release or leads to none. */
  byNdc: (ndc: string) => Ingredient[] | undefined;
  /** The same for a RxNorm concept (RXCUI). */
  byConcept: (rxcui: string) => Ingredient[] | undefined;
  byName: NameIndex;
}

// Term types from products down to ingredients. Relations are walked towards lower ranks only, so their direction in RXNREL does not matter.
const ranks: Readonly<Record<string, number>> = {
  BPCK: 7, GPCK: 7, SBD: 6, SCD: 5, SBDC: 4, SCDC: 4, SBDF: 4, SCDF: 4, SBDFP: 4, SCDFP: 4, SBDG: 4, SCDG: 4, SCDGP: 4, DFG: 4, BN: 3, MIN: 2, PIN: 1, IN: 0,
};
const relations = new Set(
  `has_ingredient ingredient_of has_ingredients ingredients_of consists_of constitutes has_tradename tradename_of has_part part_of contains contained_in
  has_precise_ingredient precise_ingredient_of has_form form_of has_quantified_form quantified_form_of isa inverse_isa`.split(/\s+/),
);
const namedTypes = new Set(['IN', 'PIN', 'MIN', 'BN']);

interface Concepts {
  rank: Map<string, number>;
  name: Map<string, string>;
  /** Names of ingredients and brands, and their concept. */
  names: [name: string, rxcui: string][];
  atc: Map<string, string[]>;
}

/**
 * Reads a release by streaming; memory holds concepts, NDCs and relations between drug concepts only.
 * @throws data error (file, line) for a missing file or a line with too few fields
 */
export async function readRxNorm(dir: string): Promise<RxNorm> {
  const concepts = await readConcepts(path.join(dir, 'RXNCONSO.RRF'));
  const lower = await readRelations(path.join(dir, 'RXNREL.RRF'), concepts.rank);
  const products = await readNdcs(path.join(dir, 'RXNSAT.RRF'));
  const ingredients = createIngredientWalk(concepts, lower);
  const byName = createNameIndex();
  for (const [name, rxcui] of concepts.names) {
    const codes = [...new Set(ingredients(rxcui).flatMap((ingredient) => ingredient.codes.map(({ atc }) => atc)))];
    // A brand of several ingredients would need one entry each: the bundled table and the NDC do those.
    if (codes.length && ingredients(rxcui).length === 1) addIngredient(byName, { name, codes: codes.map((atc) => ({ atc })) });
  }
  const byConcept = (rxcui: string): Ingredient[] | undefined => {
    const found = ingredients(rxcui);
    return found.length ? found : undefined;
  };
  const byNdc = (ndc: string): Ingredient[] | undefined => {
    const product = products.get(ndc);
    return product === undefined ? undefined : byConcept(product);
  };
  return { byNdc, byConcept, byName };
}

async function* readRrf(file: string, fields: number): AsyncGenerator<string[]> {
  if (!fs.existsSync(file)) throw dataError(`${file}: no such file; unpack the folder rrf/ of a RxNorm full release`);
  let line = 0;
  for await (const text of readline.createInterface({ input: fs.createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    line++;
    if (!text) continue;
    const cells = text.split('|');
    if (cells.length < fields) throw dataError(`${file}:${line}: expected at least ${fields} fields separated by |, got ${cells.length}`);
    yield cells;
  }
}

async function readConcepts(file: string): Promise<Concepts> {
  const concepts: Concepts = { rank: new Map(), name: new Map(), names: [], atc: new Map() };
  // RXCUI|LAT|TS|LUI|STT|SUI|ISPREF|RXAUI|SAUI|SCUI|SDUI|SAB|TTY|CODE|STR|SRL|SUPPRESS|CVF
  for await (const cells of readRrf(file, 17)) {
    const [rxcui, sab, tty, code, text] = [cells[0]!, cells[11]!, cells[12]!, cells[13]!, cells[14]!];
    if (sab === 'ATC' && isAtcCode(code) && code.length >= 5) concepts.atc.set(rxcui, [...(concepts.atc.get(rxcui) ?? []), code]);
    if (sab !== 'RXNORM' || ranks[tty] === undefined) continue;
    concepts.rank.set(rxcui, ranks[tty]);
    if (namedTypes.has(tty)) {
      concepts.name.set(rxcui, text);
      concepts.names.push([text, rxcui]);
    }
  }
  return concepts;
}

/** Concept → related concepts of lower rank. */
async function readRelations(file: string, rank: ReadonlyMap<string, number>): Promise<Map<string, Set<string>>> {
  const lower = new Map<string, Set<string>>();
  // RXCUI1|RXAUI1|STYPE1|REL|RXCUI2|RXAUI2|STYPE2|RELA|…
  for await (const cells of readRrf(file, 8)) {
    const [a, b] = [cells[0]!, cells[4]!];
    const [rankA, rankB] = [rank.get(a), rank.get(b)];
    if (!relations.has(cells[7]!) || rankA === undefined || rankB === undefined || rankA === rankB) continue;
    const [from, to] = rankA > rankB ? [a, b] : [b, a];
    const known = lower.get(from);
    if (known) known.add(to);
    else lower.set(from, new Set([to]));
  }
  return lower;
}

async function readNdcs(file: string): Promise<Map<string, string>> {
  const products = new Map<string, string>();
  // RXCUI|LUI|SUI|RXAUI|STYPE|CODE|ATUI|SATUI|ATN|SAB|ATV|SUPPRESS|CVF
  for await (const cells of readRrf(file, 11)) {
    const ndc = cells[8] === 'NDC' ? normaliseNdc(cells[10]) : null;
    if (ndc && !products.has(ndc)) products.set(ndc, cells[0]!);
  }
  return products;
}

/** From any concept down to those with ATC codes; a combination that has its own code stands for its parts. */
function createIngredientWalk({ atc, name, rank }: Concepts, lower: ReadonlyMap<string, ReadonlySet<string>>): (rxcui: string) => Ingredient[] {
  const own = (rxcui: string): Ingredient => ({ name: name.get(rxcui) ?? rxcui, codes: atc.get(rxcui)!.map((code) => ({ atc: code })) });
  return (rxcui) => {
    const seen = new Set([rxcui]);
    for (const concept of seen) for (const next of lower.get(concept) ?? []) seen.add(next);
    const coded = [...seen].filter((concept) => atc.has(concept)).sort((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0));
    const combination = coded.find((concept) => rank.get(concept) === ranks.MIN);
    return (combination === undefined ? coded : [combination]).map(own);
  };
}
