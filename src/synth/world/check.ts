/** What must hold of a world for its posteriors to be exact; a world that breaks a rule is refused. */
import { configurationError } from '../../core/errors.js';
import type { Disease, DrugGroup, World } from './types.js';

const sumsToOne = (values: readonly number[]): boolean => Math.abs(values.reduce((a, b) => a + b, 0) - 1) < 1e-9;

const demand = (holds: boolean, rule: string): void => {
  if (!holds) throw configurationError(`synthetic world: ${rule}`);
};

function checkDisease(disease: Disease, world: World): void {
  const { id, rates, chronic, variants, surfaces } = disease;
  demand(rates.length === world.profiles.length, `${id}: ${world.profiles.length} rates expected, one a profile, got ${rates.length}`);
  demand(!chronic || rates.every((rate) => rate <= world.persistence), `${id}: a chronic disease's rates cannot exceed the persistence ${world.persistence}`);
  demand(sumsToOne(variants.map(({ share }) => share)), `${id}: the variants' shares must sum to 1`);
  demand(surfaces.length > 0, `${id}: needs a name of its own`);
}

/** A code must tell the disease, and a name must tell it too unless it is declared as shared. */
function checkUnique(world: World, label: string, keysOf: (disease: Disease) => readonly string[]): void {
  const owner = new Map<string, string>();
  for (const disease of world.diseases) {
    for (const key of new Set(keysOf(disease))) {
      demand(!owner.has(key), `the ${label} ${key} belongs to ${owner.get(key)} and to ${disease.id}`);
      owner.set(key, disease.id);
    }
  }
}

function checkDrugGroups({ drugGroups, diseases, facts }: World): void {
  const owner = new Map<string, string>();
  for (const { id, causes, usual, unless } of drugGroups as readonly DrugGroup[]) {
    for (const choice of [usual, ...(unless ? [unless.instead] : [])]) {
      demand(sumsToOne(choice.map(([, weight]) => weight)), `drug group ${id}: the weights must sum to 1`);
      for (const [{ atc }] of choice) {
        demand((owner.get(atc) ?? id) === id, `the drug ${atc} belongs to the groups ${owner.get(atc)} and ${id}`);
        owner.set(atc, id);
      }
    }
    demand(causes.every(([disease]) => disease in diseases), `drug group ${id}: a cause is not a disease`);
    demand(!unless || unless.fact in facts, `drug group ${id}: depends on an unknown fact`);
  }
}

function checkReadmission({ readmission, diseases, facts, drugGroups }: World): void {
  for (const index of readmission.diseases) {
    const disease = diseases[index];
    demand(disease !== undefined && !disease.chronic && disease.rates.every((rate) => rate === disease.rates[0]),
      `readmission: disease ${disease?.id ?? index} must be drawn anew for each visit at one rate, or the number of visits would tell of the profile`);
  }
  demand(facts[readmission.fact]?.scope === 'visit', 'readmission: its fact must be of scope visit');
  demand(drugGroups.every(({ unless }) => unless?.fact !== readmission.fact), 'readmission: no drug may depend on its fact');
}

/** @returns the same world. @throws configuration error that names the rule and what breaks it. */
export function checkWorld(world: World): World {
  demand(sumsToOne(world.profiles.map(({ share }) => share)), "the profiles' shares must sum to 1");
  for (const disease of world.diseases) checkDisease(disease, world);
  checkUnique(world, 'ICD-9-CM code', ({ variants }) => variants.map(({ icd9 }) => icd9[0]));
  checkUnique(world, 'ICD-10-CM code', ({ variants }) => variants.map(({ icd10 }) => icd10[0]));
  checkUnique(world, 'name', ({ surfaces }) => surfaces);
  checkDrugGroups(world);
  checkReadmission(world);
  demand(world.procedures.every(({ disease }) => disease in world.diseases), 'a procedure belongs to no disease');
  return world;
}
