/** The hospital world's tables: valid codes, drugs that the ontologies map as planted, and the rules of a world. */
import { beforeAll, describe, expect, it } from 'vitest';
import { codeSystem, createDrugMapper, type CodeSystemId, type DrugMapper } from '../../ontologies/index.js';
import { checkWorld } from '../../src/synth/world/check.js';
import { CARRIERS } from '../../src/synth/world/drugs.js';
import { hospitalWorld } from '../../src/synth/world/hospital.js';
import type { World } from '../../src/synth/world/types.js';
import { tinyWorld } from './tiny-world.js';

const world = hospitalWorld();

const drugs = [...new Map(world.drugGroups.flatMap(({ usual, unless }) => [...usual, ...(unless?.instead ?? [])]).map(([drug]) => [drug.atc, drug])).values()];

function expectCanonical(system: CodeSystemId, codes: readonly string[]): void {
  const { normalise } = codeSystem(system);
  for (const code of codes) expect(normalise(code.replace('.', '')), `${system} ${code}`).toBe(code);
}

describe('codes of the hospital world', () => {
  const variants = world.diseases.flatMap((disease) => disease.variants);

  it('are canonical, with and without their dot', () => {
    expectCanonical('icd9cm', variants.map(({ icd9 }) => icd9[0]));
    expectCanonical('icd10cm', variants.map(({ icd10 }) => icd10[0]));
    expectCanonical('icd9proc', world.procedures.map(({ icd9 }) => icd9[0]));
    expectCanonical('icd10pcs', world.procedures.map(({ icd10 }) => icd10[0]));
    expectCanonical('atc', drugs.map(({ atc }) => atc));
  });

  it('have one title each', () => {
    const titles = new Map<string, string>();
    for (const [code, title] of variants.flatMap(({ icd9, icd10 }) => [icd9, icd10])) {
      expect(titles.get(code) ?? title, code).toBe(title);
      titles.set(code, title);
    }
  });

  it('give nine to eleven diagnoses a visit', () => {
    const mean = world.profiles.reduce((sum, { share }, z) => sum + share * world.diseases.reduce((total, { rates }) => total + rates[z]!, 0), 0);
    expect(mean).toBeGreaterThan(8);
    expect(mean).toBeLessThan(11);
  });

  it('hold rare codes beside common ones of the same category', () => {
    const category = (code: string): string => code.slice(0, 3);
    const byCategory = new Map<string, number[]>();
    for (const disease of world.diseases) for (const { share, icd10 } of disease.variants) {
      const rate = Math.max(...disease.rates) * share;
      byCategory.set(category(icd10[0]), [...(byCategory.get(category(icd10[0])) ?? []), rate]);
    }
    const mixed = [...byCategory.values()].filter((rates) => Math.max(...rates) > 5 * Math.min(...rates));
    expect(mixed.length).toBeGreaterThanOrEqual(5);
  });
});

describe('drugs of the hospital world', () => {
  let mapper: DrugMapper;
  beforeAll(async () => {
    mapper = await createDrugMapper();
  });

  it('are mapped by name to the code that was planted', () => {
    const wrong = drugs.flatMap(({ name, atc, route }) => {
      const mapped = mapper.map({ drug: name, ndc: '0', route });
      return mapped && 'atc' in mapped && mapped.atc.includes(atc) && mapped.atc.length === 1 ? [] : [`${name}: ${atc}, got ${JSON.stringify(mapped)}`];
    });
    expect(wrong).toEqual([]);
  });

  it('come with carriers that are no drugs', () => {
    for (const { name } of CARRIERS) expect(mapper.map({ drug: name, ndc: '0', route: 'IV' }), name).toHaveProperty('skip');
  });
});

describe('checkWorld', () => {
  const broken: [string, (world: World) => World, RegExp][] = [
    ['profile shares', (w) => ({ ...w, profiles: [{ name: 'one', share: 0.5 }, { name: 'two', share: 0.6 }] }), /shares must sum to 1/],
    ['a name of two diseases', (w) => ({ ...w, diseases: w.diseases.map((d) => ({ ...d, surfaces: ['same'] })) }), /the name same belongs to first and to second/],
    ['a code of two diseases', (w) => ({ ...w, diseases: [...w.diseases.slice(0, 2), { ...w.diseases[2]!, variants: w.diseases[1]!.variants }] }), /the ICD-9-CM code 200/],
    ['a chronic readmission disease', (w) => ({ ...w, readmission: { ...w.readmission, diseases: [0] } }), /readmission: disease first/],
    ['a drug that tells the readmission fact', (w) => ({ ...w, readmission: { ...w.readmission, fact: 1 } }), /no drug may depend/],
    ['a rate above the persistence', (w) => ({ ...w, persistence: 0.6 }), /cannot exceed the persistence/],
  ];

  it.each(broken)('refuses %s', (_, breakIt, message) => expect(() => checkWorld(breakIt(tinyWorld()))).toThrow(message));
});
