/** The code systems by name, their hierarchies as graphs, titles, and drugs → ATC. */
import { configurationError } from '../src/core/errors.js';
import { createAtc } from './atc.js';
import { createIcd10Cm } from './icd10cm.js';
import { createIcd10Pcs } from './icd10pcs.js';
import { createIcd9Cm } from './icd9cm.js';
import { createIcd9Proc } from './icd9proc.js';
import { createPrefixSystem } from './prefixes.js';
import { codeSystemIds, type CodeSystem, type CodeSystemId } from './system.js';

export { ancestorsOf, codeSystemIds, rootNode, type CodePath, type CodeSystem, type CodeSystemId } from './system.js';
export { atcAtLevel } from './atc.js';
export { firstPart } from './prefixes.js';
export { graphEdges, ontologyGraph, type GraphEdges, type OntologyGraph, type OntologyNode } from './graph.js';
export { loadTitles } from './titles.js';
export { createDrugMapper, type DrugMapper, type DrugMapperOptions, type DrugMapping, type DrugQuery } from './medications/index.js';

const constructors: Record<CodeSystemId, (supplied?: ReadonlyMap<string, string>) => CodeSystem> = {
  icd9cm: createIcd9Cm,
  icd9proc: createIcd9Proc,
  icd10cm: createIcd10Cm,
  icd10pcs: createIcd10Pcs,
  atc: createAtc,
};

export const isCodeSystemId = (id: string): id is CodeSystemId => (codeSystemIds as readonly string[]).includes(id);

/** What a system without tables may be called: it becomes part of file contents and of error messages. */
const systemName = /^[a-z][a-z0-9_.-]*$/i;

/**
 * A code system by its name. It reads the bundled tables: build it once, keep it. A name that is none of `codeSystemIds` is a system without
 * tables, whose codes are taken as written and whose hierarchy is their prefixes; whoever lets users name one should say so (`isCodeSystemId`).
 * @param options.titles titles of full codes (see `loadTitles`), for systems whose codes are not bundled
 * @throws configuration error for what cannot be a name
 */
export function codeSystem(id: string, options: { titles?: ReadonlyMap<string, string> } = {}): CodeSystem {
  if (isCodeSystemId(id)) return constructors[id](options.titles);
  if (!systemName.test(id)) throw configurationError(`code system ${JSON.stringify(id)}: expected one of ${codeSystemIds.join(', ')}, or another name of letters and digits`);
  return createPrefixSystem(id, options.titles);
}

/** From a raw code to its canonical form, or null when the code cannot be one of the system. */
export type Normaliser = (system: string, raw: string) => string | null;

/** Builds each code system at its first use. */
export function createNormaliser(): Normaliser {
  const systems = new Map<string, CodeSystem>();
  return (id, raw) => {
    const system = systems.get(id) ?? codeSystem(id);
    systems.set(id, system);
    return system.normalise(raw);
  };
}
