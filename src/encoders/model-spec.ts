/** From vocabularies to what a model is built for: the hierarchy over each kind's codes, planned for graph attention. */
import { codeSystem, graphEdges, ontologyGraph } from '../../ontologies/index.js';
import type { ModelConfig } from './config.js';
import { planOntology, type OntologyNodes } from './ontology-embedding.js';
import type { ModelSpec } from './visit.js';

export interface SystemCode {
  system: string;
  code: string;
}

/** @param kinds vocabulary of each kind of codes, in id order; kinds without codes get no encoder */
export function modelSpec(config: ModelConfig, tokens: number, kinds: Record<string, readonly SystemCode[]>): ModelSpec {
  const present = Object.entries(kinds).filter(([, codes]) => codes.length > 0);
  return { config, tokens, ontologies: Object.fromEntries(present.map(([kind, codes]) => [kind, planOntology(hierarchyOf(codes))])) };
}

/**
 * The hierarchies of the systems in one vocabulary as one forest: each system keeps its own root, since a code of ICD-9 and one
 * of ICD-10 share no ancestor. Leaves keep the vocabulary's order.
 */
export function hierarchyOf(codes: readonly SystemCode[]): OntologyNodes {
  const parents: number[] = new Array<number>(codes.length).fill(-1);
  for (const system of new Set(codes.map((code) => code.system))) {
    const rows = codes.flatMap((code, row) => (code.system === system ? [row] : []));
    const { parent, leafCount } = graphEdges(ontologyGraph(codeSystem(system), rows.map((row) => codes[row]!.code)));
    const firstInner = parents.length;
    const nodeOf = (node: number): number => (node < leafCount ? rows[node]! : firstInner + node - leafCount);
    parent.forEach((up, node) => (parents[nodeOf(node)] = up < 0 ? -1 : nodeOf(up)));
  }
  return { leaves: codes.length, nodes: parents.length, parent: Int32Array.from(parents) };
}
