/** A drug order (NDC, name, route) → ATC codes: the user's tables, then RxNorm, then the bundled table of ingredients. */
import { builtinIndex } from './builtin.js';
import { nameKey } from './clean.js';
import { skipReason, type SkipReason } from './fluids.js';
import { codesFor, findExact, findIngredients, findWhole } from './name-index.js';
import { normaliseNdc } from './ndc.js';
import { routeInColumn, routeInName, type Route } from './route.js';
import { readRxNorm, type RxNorm } from './rxnorm.js';
import { readUserTables } from './user-table.js';

export interface DrugQuery {
  drug?: string | null;
  ndc?: string | null;
  /** The order's route column, where the source has one (`PO`, `IV`, `BOTH EYES`). */
  route?: string | null;
  /** What the source's vocabulary calls the drug; asked where `drug` leads nowhere. */
  label?: string | null;
  /** The drug's RxNorm concept. */
  rxcui?: string | null;
  /** ATC codes that the source's vocabulary relates to the drug. */
  atc?: readonly string[];
}

export type MappingSource = 'table' | 'vocabulary' | 'rxnorm' | 'builtin';

export type DrugMapping =
  /** `atc`: distinct codes in alphabetical order, several for a combination that has no code of its own. */
  | { atc: string[]; source: MappingSource }
  /** The row dispenses a container or a bare fluid, or is no drug at all. */
  | { skip: SkipReason };

export interface DrugMapper {
  /** `null`: the row names a drug that no source knows. A pure function of the query: map distinct queries once. */
  map: (query: DrugQuery) => DrugMapping | null;
}

export interface DrugMapperOptions {
  /** CSV files with the columns `ndc,atc` or `name,atc`. */
  tables?: readonly string[];
  /** Folder with RXNCONSO.RRF, RXNSAT.RRF and RXNREL.RRF of a RxNorm release. */
  rxnormDir?: string;
}

/**
 * Loads the sources once. Order: user table by NDC, user table by name, (containers and diluents set aside), the ATC codes that the source's
 * vocabulary gives, RxNorm by NDC, by concept, by name, bundled table by name. Where an ingredient has several codes, the route in the
 * order's name decides, then the route column, then the systemic use (docs/decisions/0011).
 * @throws data error (file, line) for an unreadable or malformed source
 */
export async function createDrugMapper({ tables = [], rxnormDir }: DrugMapperOptions = {}): Promise<DrugMapper> {
  const builtin = builtinIndex();
  const user = await readUserTables(tables);
  const rxnorm = rxnormDir === undefined ? undefined : await readRxNorm(rxnormDir);

  const named = (name: string, route: Route | undefined): Named | undefined => {
    const skip = findExact(builtin, name) ? undefined : skipReason(name);
    if (skip) return { skip, codes: [] };
    const codes = findIngredients(builtin, name).flatMap((ingredient) => codesFor(ingredient, route));
    return codes.length ? { codes } : undefined;
  };

  const map = ({ drug, label, ndc, route: column, rxcui, atc = [] }: DrugQuery): DrugMapping | null => {
    const names = [drug, label].map((name) => name?.trim() ?? '').filter(Boolean);
    const code = normaliseNdc(ndc);
    const fromUser = (code && user.byNdc.get(code)) || first(names, (name) => findWhole(user.byName, name)?.codes.map((entry) => entry.atc));
    if (fromUser) return mapping(fromUser, 'table');
    const route = first(names, (name) => routeInName(nameKey(name))) ?? routeInColumn(column ?? '');
    const { skip, codes: fromBuiltin } = first(names, (name) => named(name, route)) ?? { codes: [] };
    if (skip) return { skip };
    if (atc.length) return mapping(preferredOf(atc, fromBuiltin), 'vocabulary');
    const fromRxNorm = rxnorm && rxnormCodes(rxnorm, { names, code, rxcui, route, preferred: fromBuiltin });
    if (fromRxNorm?.length) return mapping(fromRxNorm, 'rxnorm');
    return fromBuiltin.length ? mapping(fromBuiltin, 'builtin') : null;
  };
  return { map };
}

/** What a name says: that the row is no drug, or its codes by the bundled table. */
interface Named {
  skip?: SkipReason;
  codes: string[];
}

/** The first answer that is one. */
const first = <Item, Answer>(items: readonly Item[], ask: (item: Item) => Answer | undefined): Answer | undefined =>
  items.reduce<Answer | undefined>((answer, item) => answer ?? ask(item), undefined);

const mapping = (codes: readonly string[], source: MappingSource): DrugMapping => ({ atc: [...new Set(codes)].sort(), source });

interface RxNormQuery {
  names: readonly string[];
  code: string | null;
  rxcui: string | null | undefined;
  route: Route | undefined;
  /** What the bundled table chose: it decides between the several codes RxNorm has for one ingredient. */
  preferred: readonly string[];
}

function rxnormCodes(rxnorm: RxNorm, { names, code, rxcui, route, preferred }: RxNormQuery): string[] {
  const ingredients = (code && rxnorm.byNdc(code)) || (rxcui && rxnorm.byConcept(rxcui)) || [first(names, (name) => findWhole(rxnorm.byName, name))].filter((found) => found !== undefined);
  return ingredients.flatMap((ingredient) => preferredOf(codesFor(ingredient, route), preferred));
}

/** Of several codes for one drug: those that the bundled table would choose, else the systemic one. */
function preferredOf(codes: readonly string[], preferred: readonly string[]): string[] {
  const chosen = codes.filter((atc) => preferred.includes(atc));
  return chosen.length ? chosen : mainCode(codes);
}

// Groups of local use; the systemic code of an ingredient is the first outside them.
const local = /^(A01|A07A|B02BC|B05C|C05|D|G01|G02|M02|N01B|P03|R01A|R02|S|V0[3-9])/;
const mainCode = (codes: readonly string[]): string[] => {
  const sorted = [...codes].sort();
  return [sorted.find((atc) => !local.test(atc)) ?? sorted[0]].filter((atc) => atc !== undefined);
};
