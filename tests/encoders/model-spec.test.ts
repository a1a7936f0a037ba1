/** The hierarchy that a model is built over: as it is, with shuffled leaves, without edges, with leaves that count twice. */
import { describe, expect, it } from 'vitest';
import { configuredHierarchy, hierarchyOf, type SystemCode } from '../../src/encoders/model-spec.js';

const ofSystem = (system: string, codes: string[]): SystemCode[] => codes.map((code) => ({ system, code }));

/** Two systems in one vocabulary, interleaved; a category (250) that is a code beside its children. */
const vocabulary: SystemCode[] = [
  ...ofSystem('icd9cm', ['250.00', '250.01', '250', '401.9']),
  ...ofSystem('icd10cm', ['E11.9', 'I10', 'E11.65']),
  ...ofSystem('icd9cm', ['414.01', '428.0', 'V45.81', '584.9', '427.31']),
  ...ofSystem('icd10cm', ['N17.9', 'I48.91', 'E10.9', 'Z95.1']),
];

const configured = (embedding: 'ontology' | 'shuffled-ontology' | 'ontology-without-messages', repeat_atc_leaf = false, codes = vocabulary) => configuredHierarchy(codes, { embedding, repeat_atc_leaf });

const parentsOf = (parent: Int32Array, system: string): number[] => vocabulary.flatMap((code, row) => (code.system === system ? [parent[row]!] : []));

describe('configuredHierarchy', () => {
  const whole = hierarchyOf(vocabulary);

  it('ontology: the hierarchy of the codes', () => {
    expect(configured('ontology')).toMatchObject({ ...whole, repeated: [] });
  });

  it('shuffled-ontology: the same trees with the codes of each system on other leaves', () => {
    const shuffled = configured('shuffled-ontology');
    expect([shuffled.leaves, shuffled.nodes]).toEqual([whole.leaves, whole.nodes]);
    expect(shuffled.parent.slice(whole.leaves)).toEqual(whole.parent.slice(whole.leaves));
    for (const system of ['icd9cm', 'icd10cm']) {
      const [before, after] = [parentsOf(whole.parent, system), parentsOf(shuffled.parent, system)];
      expect(after).not.toEqual(before);
      expect(after.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
    }
  });

  it('shuffled-ontology: the same at every run', () => {
    expect(configured('shuffled-ontology')).toEqual(configured('shuffled-ontology'));
  });

  it('ontology-without-messages: the same nodes, none of which has a parent', () => {
    const { nodes, leaves, parent } = configured('ontology-without-messages');
    expect([nodes, leaves, parent.length]).toEqual([whole.nodes, whole.leaves, whole.nodes]);
    expect(parent.every((up) => up === -1)).toBe(true);
  });

  it('repeats the medications of four characters, which are prefixes of their own', () => {
    const medications = ofSystem('atc', ['N02B', 'C03CA01', 'A10B', 'C03CA', 'C03']);
    expect(configured('ontology', true, medications).repeated).toEqual([0, 2]);
    expect(configured('ontology', true, [...vocabulary, ...medications]).repeated).toEqual([16, 18]);
    expect(configured('ontology', false, medications).repeated).toEqual([]);
  });
});
