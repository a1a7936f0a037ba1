/** Which codes lie within nodes of their hierarchies: a chapter (`K00-K95`), a block, a category, or a single letter that codes begin with. */
import { codeSystem, rootNode, type CodeSystem } from '../../ontologies/index.js';
import { configurationError } from '../../src/core/errors.js';
import type { VocabularyCode } from '../../src/dataset/index.js';

const isLetter = (node: string): boolean => /^[A-Z]$/.test(node);

/**
 * @param nodes as `medweave ontology` prints them, of any of the codes' systems, in any case
 * @returns 1 for each code with one of the nodes on its path, itself included
 * @throws configuration error for a node that no code lies within
 */
export function codesWithin(codes: readonly VocabularyCode[], nodes: readonly string[]): Uint8Array {
  const paths = pathsOf(codes);
  const wanted = nodes.map((node) => node.toUpperCase());
  const lies = (path: readonly string[], node: string): boolean => path.includes(node) || (isLetter(node) && path[0]!.startsWith(node));
  const empty = wanted.find((node) => !paths.some((path) => lies(path, node)));
  if (empty !== undefined) throw configurationError(`finetune.labels.within: no code of the vocabulary lies within ${empty}; ${suggestion(paths, empty)} (see \`medweave ontology\`)`);
  return Uint8Array.from(paths, (path) => Number(wanted.some((node) => lies(path, node))));
}

function pathsOf(codes: readonly VocabularyCode[]): string[][] {
  const systems = new Map<string, CodeSystem>();
  const systemOf = (id: string): CodeSystem => systems.get(id) ?? systems.set(id, codeSystem(id)).get(id)!;
  return codes.map(({ system, code }) => systemOf(system).path(code).filter((node) => node !== rootNode));
}

const SUGGESTIONS = 24;

/** Nodes that begin alike, else the chapters. */
function suggestion(paths: readonly (readonly string[])[], node: string): string {
  const inner = new Set(paths.flatMap((path) => path.slice(1)));
  const alike = [...inner].filter((other) => other.startsWith(node.slice(0, 2))).sort();
  const chapters = [...new Set(paths.map((path) => path.at(-1)!))].sort();
  return alike.length ? `near it: ${alike.slice(0, SUGGESTIONS).join(', ')}` : `the chapters are ${chapters.slice(0, SUGGESTIONS).join(', ')}`;
}
