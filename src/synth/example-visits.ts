/** A few visits by the generator, in memory: notes that are nobody's, for showing what a model does. */
import { createRng } from '../core/rng.js';
import { mimic4 } from './formats/mimic4.js';
import { writeNote } from './note/write.js';
import { drawPatient } from './sample/patient.js';
import { hospitalWorld } from './world/hospital.js';

export interface ExampleCode {
  kind: 'dx' | 'rx' | 'px';
  system: 'icd9cm' | 'icd10cm' | 'icd9proc' | 'icd10pcs' | 'atc';
  code: string;
}

export interface ExampleVisit {
  /** `synthetic note 1`, … */
  name: string;
  text: string;
  codes: ExampleCode[];
}

/** Words of a note. */
const WORDS = 150;
/** A note with fewer diagnoses has little to show. */
const FEWEST_DISEASES = 4;

/** First visits of different patients. Equal seeds give equal visits. @param icd10 whether they are coded in ICD-10, which the first sentence shows */
export function exampleVisits(count: number, { seed, icd10 }: { seed: number; icd10: boolean }): ExampleVisit[] {
  const world = hospitalWorld();
  const root = createRng(seed, 'examples');
  const examples: ExampleVisit[] = [];
  for (let index = 0; examples.length < count; index++) {
    const patient = drawPatient(world, index, root);
    const visit = patient.visits[0]!;
    const diseases = [...visit.states].flatMap((state, disease) => (state > 0 ? [world.diseases[disease]!.variants[state - 1]!] : []));
    if (diseases.length < FEWEST_DISEASES) continue;
    const style = { blank: mimic4.blank, words: WORDS, icd10, listMedications: false };
    const system = icd10 ? 'icd10' : 'icd9';
    examples.push({
      name: `synthetic note ${examples.length + 1}`,
      text: writeNote({ patient, visit, age: patient.age, style, rng: root.split('note', index) }),
      codes: [
        ...diseases.map((variant): ExampleCode => ({ kind: 'dx', system: icd10 ? 'icd10cm' : 'icd9cm', code: variant[system][0] })),
        ...visit.drugs.flatMap((drug): ExampleCode[] => (drug ? [{ kind: 'rx', system: 'atc', code: drug.atc }] : [])),
        ...visit.procedures.map((procedure): ExampleCode => ({ kind: 'px', system: icd10 ? 'icd10pcs' : 'icd9proc', code: world.procedures[procedure]![system][0] })),
      ],
    });
  }
  return examples;
}
