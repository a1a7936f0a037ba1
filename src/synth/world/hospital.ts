/** The hospital world: the tables of this folder put together, and checked. */
import { PROFILES, toDisease, type DiseaseEntry } from './entry.js';
import { bones } from './diseases/bones.js';
import { cardiac } from './diseases/cardiac.js';
import { digestive } from './diseases/digestive.js';
import { infection } from './diseases/infection.js';
import { metabolic } from './diseases/metabolic.js';
import { mind } from './diseases/mind.js';
import { oncology } from './diseases/oncology.js';
import { respiratory } from './diseases/respiratory.js';
import { DRUG_GROUPS, type DrugGroupEntry } from './drug-groups.js';
import { drug, type DrugName } from './drugs.js';
import { FACTS, type FactId } from './facts.js';
import { PROCEDURES } from './procedures.js';
import type { Choice, DrugGroup, World } from './types.js';
import { checkWorld } from './check.js';

const DISEASES: readonly DiseaseEntry[] = [...cardiac, ...respiratory, ...metabolic, ...digestive, ...infection, ...mind, ...oncology, ...bones];

/** Complications whose rate is the same in every profile: only their being coded together with the fact `no-support` tells of readmission. */
const FRAILTY = ['acute-kidney-injury', 'malnutrition', 'delirium', 'c-difficile', 'pressure-ulcer'] as const;

const equally = (names: readonly DrugName[]): Choice => names.map((name) => [drug(name), 1 / names.length]);

const diseaseIndex = (id: string): number => DISEASES.findIndex((disease) => disease.id === id);

const factIndex = (id: FactId): number => FACTS.findIndex((fact) => fact.id === id);

const toDrugGroup = ({ id, causes = [], leak = 0.002, usual, unless }: DrugGroupEntry): DrugGroup => ({
  id,
  leak,
  causes: causes.map(([disease, strength]) => [diseaseIndex(disease), strength]),
  usual: equally(usual),
  unless: unless && { fact: factIndex(unless[0]), instead: equally(unless[1]) },
});

/** The world that `medweave synth` samples from. */
export function hospitalWorld(): World {
  return checkWorld({
    profiles: PROFILES,
    diseases: DISEASES.map(toDisease),
    facts: FACTS,
    drugGroups: DRUG_GROUPS.map(toDrugGroup),
    procedures: PROCEDURES.map(([disease, rate, icd9, icd10]) => ({ disease: diseaseIndex(disease), rate, icd9, icd10 })),
    // Neither side says much alone: 0.33 against 0.22 with the complications, 0.35 against 0.21 with the fact.
    readmission: { diseases: FRAILTY.map(diseaseIndex), fact: factIndex('no-support'), risk: [[0.34, 0.1], [0.07, 0.62]] },
    persistence: 0.85,
    sharedSurfaceRate: 0.35,
    detailRate: 0.75,
    denialRate: 0.035,
    familyRate: 0.012,
  });
}
