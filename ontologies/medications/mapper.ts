/** A drug order (NDC, name, route) → ATC codes: the user's tables, then RxNorm, then the bundled table of ingredients. */
import { builtinIndex } from './builtin.js';
import { nameKey } from './clean.js';
import { skipReason, type SkipReason } from './fluids.js';
import { codesFor, findExact, findIngredients, findWhole, type NameIndex } from './name-index.js';
import { normaliseNdc } from './ndc.js';
import { routeInColumn, routeInName, type Route } from './route.js';
import { readRxNorm, type RxNorm } from './rxnorm.js';
import { readUserTables } from './user-table.js';

export interface DrugQuery {
  drug?: string | null;
  ndc?: string | null;
  /** The order's route column, where the source has one (`PO`, `IV`, `BOTH EYES`). */
  route?: string | null;
}

export type DrugMapping =
  /** `atc`: distinct codes in alphabetical order, several for a combination that has no code of its own. */
  | { atc: string[]; source: 'table' | 'rxnorm' | 'builtin' }
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
 * Loads the sources once. Order: user table by NDC, user table by name, (containers and diluents set aside), RxNorm by NDC, RxNorm
 * by name, bundled table by name. Where an ingredient has several codes, the route in the order's name decides, then the
 * route column, then the systemic use (docs/decisions/0011).
 * @throws data error (file, line) for an unreadable or malformed source
 */
export async function createDrugMapper({ tables = [], rxnormDir }: DrugMapperOptions = {}): Promise<DrugMapper> {
  const builtin = builtinIndex();
  const user = await readUserTables(tables);
  const rxnorm = rxnormDir === undefined ? undefined : await readRxNorm(rxnormDir);

  const map = ({ drug, ndc, route: column }: DrugQuery): DrugMapping | null => {
    const name = drug?.trim() ?? '';
    const code = normaliseNdc(ndc);
    const route = routeInName(nameKey(name)) ?? routeInColumn(column ?? '');
    const fromUser = (code && user.byNdc.get(code)) || findWhole(user.byName, name)?.codes.map(({ atc }) => atc);
    if (fromUser) return mapping(fromUser, 'table');
    const skip = name && !findExact(builtin, name) ? skipReason(name) : undefined;
    if (skip) return { skip };
    const fromBuiltin = namedCodes(builtin, name, route);
    const fromRxNorm = rxnorm && rxnormCodes(rxnorm, { name, code, route, preferred: fromBuiltin });
    if (fromRxNorm?.length) return mapping(fromRxNorm, 'rxnorm');
    return fromBuiltin.length ? mapping(fromBuiltin, 'builtin') : null;
  };
  return { map };
}

const mapping = (codes: readonly string[], source: 'table' | 'rxnorm' | 'builtin'): DrugMapping => ({ atc: [...new Set(codes)].sort(), source });

const namedCodes = (index: NameIndex, name: string, route: Route | undefined): string[] =>
  name ? findIngredients(index, name).flatMap((ingredient) => codesFor(ingredient, route)) : [];

interface RxNormQuery {
  name: string;
  code: string | null;
  route: Route | undefined;
  /** What the bundled table chose: it decides between the several codes RxNorm has for one ingredient. */
  preferred: readonly string[];
}

function rxnormCodes(rxnorm: RxNorm, { name, code, route, preferred }: RxNormQuery): string[] {
  const ingredients = (code && rxnorm.byNdc(code)) || [findWhole(rxnorm.byName, name)].filter((found) => found !== undefined);
  return ingredients.flatMap((ingredient) => {
    const codes = codesFor(ingredient, route);
    const chosen = codes.filter((atc) => preferred.includes(atc));
    return chosen.length ? chosen : mainCode(codes);
  });
}

// Groups of local use; the systemic code of an ingredient is the first outside them.
const local = /^(A01|A07A|B02BC|B05C|C05|D|G01|G02|M02|N01B|P03|R01A|R02|S|V0[3-9])/;
const mainCode = (codes: readonly string[]): string[] => {
  const sorted = [...codes].sort();
  return [sorted.find((atc) => !local.test(atc)) ?? sorted[0]].filter((atc) => atc !== undefined);
};
