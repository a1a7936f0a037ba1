/** From vocabularies to what a model is built for: the hierarchy over each kind's codes, planned for graph attention. */
import { codeSystem, graphEdges, ontologyGraph } from '../../ontologies/index.js';
import { createRng } from '../core/rng.js';
import type { CodesConfig, ModelConfig } from './config.js';
import { planOntology, type OntologyNodes } from './ontology-embedding.js';
import type { ModelSpec } from './visit.js';

export interface SystemCode {
  system: string;
  code: string;
  /** Training visits that carry it; a code that none does has no vector of its own. */
  count?: number;
}

/** @param kinds vocabulary of each kind of codes, in id order; kinds without codes get no encoder */
export function modelSpec(config: ModelConfig, tokens: number, kinds: Record<string, readonly SystemCode[]>): ModelSpec {
  const present = Object.entries(kinds).filter(([, codes]) => codes.length > 0);
  return { config, tokens, ontologies: Object.fromEntries(present.map(([kind, codes]) => [kind, planOntology(configuredHierarchy(codes, config.codes))])) };
}

/** The hierarchy as `model.codes` wants it: with its codes in place or shuffled, with or without edges, with leaves that count twice. */
export function configuredHierarchy(codes: readonly SystemCode[], { embedding, repeat_atc_leaf }: Pick<CodesConfig, 'embedding' | 'repeat_atc_leaf'>): OntologyNodes {
  const nodes = embedding === 'shuffled-ontology' ? shuffleLeaves(hierarchyOf(codes), codes) : hierarchyOf(codes);
  const parent = embedding === 'ontology-without-messages' ? nodes.parent.map(() => -1) : nodes.parent;
  const unseen = rowsWhere(codes, ({ count }) => count === 0);
  return { ...nodes, parent, ...(unseen.length ? { unseen } : {}), repeated: repeat_atc_leaf ? rowsWhere(codes, ({ system, code }) => system === 'atc' && code.length === 4) : [] };
}

/** Each code gets the place of another code of its system, the same at every run. */
function shuffleLeaves(hierarchy: OntologyNodes, codes: readonly SystemCode[]): OntologyNodes {
  const parent = hierarchy.parent.slice();
  for (const system of systemsOf(codes)) {
    const rows = rowsWhere(codes, (code) => code.system === system);
    const places = createRng('shuffled ontology', system).shuffle(rows);
    rows.forEach((row, i) => (parent[row] = hierarchy.parent[places[i]!]!));
  }
  return { ...hierarchy, parent };
}

const systemsOf = (codes: readonly SystemCode[]): Set<string> => new Set(codes.map(({ system }) => system));

const rowsWhere = (codes: readonly SystemCode[], holds: (code: SystemCode) => boolean): number[] => codes.flatMap((code, row) => (holds(code) ? [row] : []));

/**
 * The hierarchies of the systems in one vocabulary as one forest: each system keeps its own root, since a code of ICD-9 and one
 * of ICD-10 share no ancestor. Leaves keep the vocabulary's order.
 */
export function hierarchyOf(codes: readonly SystemCode[]): OntologyNodes {
  const parents: number[] = new Array<number>(codes.length).fill(-1);
  for (const system of systemsOf(codes)) {
    const rows = rowsWhere(codes, (code) => code.system === system);
    const { parent, leafCount } = graphEdges(ontologyGraph(codeSystem(system), rows.map((row) => codes[row]!.code)));
    const firstInner = parents.length;
    const nodeOf = (node: number): number => (node < leafCount ? rows[node]! : firstInner + node - leafCount);
    parent.forEach((up, node) => (parents[nodeOf(node)] = up < 0 ? -1 : nodeOf(up)));
  }
  return { leaves: codes.length, nodes: parents.length, parent: Int32Array.from(parents) };
}
