/** The graph over a vocabulary: leaves first in vocabulary order, one parent a node, everything below one root. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeSystem, graphEdges, ontologyGraph } from '../../ontologies/index.js';

const icd9 = codeSystem('icd9cm');

describe('ontologyGraph', () => {
  it('shares ancestors and keeps the order of the codes', () => {
    const graph = ontologyGraph(icd9, ['250.00', '401.9', '250.01']);
    const { nodes, leafCount, parent } = graphEdges(graph);
    expect(leafCount).toBe(3);
    expect(nodes).toEqual(['250.00', '401.9', '250.01', '250.0', '250', '249-259', '240-279', 'root', '401', '401-405', '390-459']);
    expect(Array.from(parent, (p) => nodes[p] ?? null)).toEqual(['250.0', '401', '250.0', '250', '249-259', '240-279', 'root', null, '401-405', '390-459', 'root']);
    expect(graph.getNodeAttributes('250.00')).toEqual({ code: '250.00', level: 5, isLeaf: true });
    expect(graph.getNodeAttributes('root')).toEqual({ code: 'root', level: 0, isLeaf: false });
  });

  it('gives a code that is also an ancestor a leaf and an inner node', () => {
    const graph = ontologyGraph(icd9, ['250.00', '250']);
    const { nodes, parent } = graphEdges(graph);
    expect(nodes.slice(0, 2)).toEqual(['250.00', '250']);
    const parentOf = (key: string): string | undefined => nodes[parent[nodes.indexOf(key)]!];
    expect([parentOf('250'), parentOf('250.0'), parentOf('250.*')]).toEqual(['250.*', '250.*', '249-259']);
    expect(graph.getNodeAttributes('250')).toEqual({ code: '250', level: 4, isLeaf: true });
    expect(graph.getNodeAttributes('250.*')).toEqual({ code: '250', level: 3, isLeaf: false });
    expect(nodes).not.toContain('root.*');
  });

  it('does the same for ATC codes of mixed levels', () => {
    const { nodes, parent } = graphEdges(ontologyGraph(codeSystem('atc'), ['N02B', 'N02BE01', 'N02BE']));
    expect(nodes[parent[0]!]).toBe('N02B.*');
    expect(nodes[parent[1]!]).toBe('N02BE.*');
    expect(nodes[parent[2]!]).toBe('N02BE.*');
    expect(nodes[parent[nodes.indexOf('N02BE.*')]!]).toBe('N02B.*');
  });

  it('is a root alone for an empty vocabulary', () => {
    expect(graphEdges(ontologyGraph(icd9, []))).toEqual({ nodes: ['root'], leafCount: 0, parent: Int32Array.of(-1) });
  });

  it('rejects repeated codes and codes that are not canonical', () => {
    expect(() => ontologyGraph(icd9, ['250.00', '250.00'])).toThrow(/icd9cm.*distinct/);
    expect(() => ontologyGraph(icd9, ['25000'])).toThrow(/canonical/);
  });

  it('is a tree in which following parents gives each code its path', () => {
    const code = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 2 })).map(([category, rest, length]) =>
      icd9.normalise(String(category).padStart(3, '0') + String(rest).padStart(2, '0').slice(0, length))!,
    );
    fc.assert(
      fc.property(fc.uniqueArray(code, { maxLength: 23 }), (codes) => {
        const graph = ontologyGraph(icd9, codes);
        const { nodes, leafCount, parent } = graphEdges(graph);
        expect(nodes.slice(0, leafCount)).toEqual(codes);
        expect(graph.size).toBe(graph.order - 1);
        codes.forEach((leaf, i) => {
          const walk: string[] = [];
          for (let at = i; at >= 0; at = parent[at]!) walk.push(graph.getNodeAttributes(nodes[at]!).code);
          expect([...new Set(walk)]).toEqual(icd9.path(leaf));
          expect(graph.getNodeAttributes(leaf).level).toBe(walk.length - 1);
        });
      }),
    );
  });
});
