/** What a code system is: canonical codes, and for each code a path of named nodes up to the root. */
import { dataError } from '../src/core/errors.js';

export const codeSystemIds = ['icd9cm', 'icd9proc', 'icd10cm', 'icd10pcs', 'atc'] as const;
export type CodeSystemId = (typeof codeSystemIds)[number];

/** The node every path ends at. */
export const rootNode = 'root';

export interface CodePath {
  code: string;
  /** The code, its ancestors from near to far, and `root`. */
  nodes: string[];
  /** Whether a table (bundled, or the titles the user supplied) holds the code itself. */
  known: boolean;
  /** The first node of the path that a table holds; absent when none does. */
  knownFrom?: string;
  /** Why the path is less than certain, in one sentence; absent for known codes. */
  note?: string;
}

export interface CodeSystem {
  /** One of `codeSystemIds`, or the name of a system without tables. */
  id: string;
  name: string;
  /** Canonical form (upper case, dot where the system has one); accepts any case, spaces, with or without dot. `null`: cannot be a code of the system. */
  normalise: (raw: string) => string | null;
  /** The code, its ancestors and `root`. @throws data error when `code` is not canonical */
  path: (code: string) => string[];
  /** The path with what the tables know of it. */
  describe: (code: string) => CodePath;
  /** Title of a code or of an inner node (category, block, chapter), where a table has one. */
  title: (node: string) => string | undefined;
  isKnown: (code: string) => boolean;
}

/** The nodes above a canonical code, from the top down, without the root. */
export const ancestorsOf = ({ path }: Pick<CodeSystem, 'path'>, code: string): string[] => path(code).slice(1).filter((node) => node !== rootNode).reverse();

export interface CodeSystemRules {
  id: string;
  name: string;
  /** From a code as written to what `canonical` judges; by default upper case without spaces. */
  clean?: (raw: string) => string;
  /** From a clean code to its canonical form. */
  canonical: (compact: string) => string | null;
  /** Ancestors of a canonical code from near to far, without the root. */
  ancestors: (code: string) => string[];
  /** Titles of the nodes that the bundled tables hold. */
  bundled: ReadonlyMap<string, string>;
  /** Titles of full codes that the user supplied (see titles.ts); they win over bundled ones. */
  supplied?: ReadonlyMap<string, string>;
  /** What is said of codes that no table holds; by default that their block is not known either. */
  unknown?: string;
}

const upperCaseWithoutSpaces = (raw: string): string => raw.toUpperCase().replace(/\s+/g, '');

const inNoTable = 'in no table and in no block: attached to the root by its prefix';

/** Derives the public functions of a system from its rules. */
export function createCodeSystem({ id, name, clean = upperCaseWithoutSpaces, canonical, ancestors, bundled, supplied, unknown = inNoTable }: CodeSystemRules): CodeSystem {
  const normalise = (raw: string): string | null => canonical(clean(raw));
  const title = (node: string): string | undefined => supplied?.get(node) ?? bundled.get(node);
  const isKnown = (node: string): boolean => title(node) !== undefined;
  const path = (code: string): string[] => {
    if (normalise(code) !== code) throw dataError(`${id}: expected a canonical code, got ${JSON.stringify(code)}; normalise it first`);
    return [code, ...ancestors(code), rootNode];
  };
  const describe = (code: string): CodePath => {
    const nodes = path(code);
    const knownFrom = nodes.find(isKnown);
    if (knownFrom === code) return { code, nodes, known: true, knownFrom };
    const note = knownFrom ? `in no table: path by its prefix, known from ${knownFrom} on` : unknown;
    return { code, nodes, known: false, ...(knownFrom && { knownFrom }), note };
  };
  return { id, name, normalise, path, describe, title, isKnown };
}

/** Puts the dot after the category, or checks the one that is there. `pattern` matches the code without its dot; group 1 is the category. */
export function withDot(compact: string, pattern: RegExp): string | null {
  const category = pattern.exec(compact.replace('.', ''))?.[1];
  if (category === undefined) return null;
  const rest = compact.replace('.', '').slice(category.length);
  const expected = rest ? `${category}.${rest}` : category;
  const isWellFormed = !compact.includes('.') || compact === expected || compact === `${expected}.`;
  return isWellFormed ? expected : null;
}

/** Shorter and shorter prefixes of a dotted code, down to its category: `250.00` → `250.0`, `250`. */
export function prefixesToCategory(code: string): string[] {
  const category = code.split('.')[0]!;
  const prefixes: string[] = [];
  for (let end = code.length - 1; end > category.length + 1; end--) prefixes.push(code.slice(0, end));
  return code === category ? [] : [...prefixes, category];
}
