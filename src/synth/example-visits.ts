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
  title: string;
}

export interface ExampleVisit {
  sex: 'F' | 'M';
  /** Years. */
  age: number;
  /** In hospital, at least 1. */
  days: number;
  text: string;
  /** Each once. */
  codes: ExampleCode[];
}

export interface ExampleOptions {
  seed: number;
  /** Of a note. */
  words: number;
  /** Whether they are coded in ICD-10, which the first sentence shows. */
  icd10: boolean;
}

/** A note with fewer diagnoses has little to show. */
const FEWEST_DISEASES = 4;
const DAY = 24 * 60 * 60 * 1000;

/** First visits of different patients. Equal options give equal visits. */
export function exampleVisits(count: number, { seed, words, icd10 }: ExampleOptions): ExampleVisit[] {
  const world = hospitalWorld();
  const root = createRng(seed, 'examples');
  const icd = icd10 ? 'icd10' : 'icd9';
  const examples: ExampleVisit[] = [];
  for (let index = 0; examples.length < count; index++) {
    const patient = drawPatient(world, index, root);
    const visit = patient.visits[0]!;
    const diseases = [...visit.states].flatMap((state, disease) => (state > 0 ? [world.diseases[disease]!.variants[state - 1]!] : []));
    if (diseases.length < FEWEST_DISEASES) continue;
    const coded = (kind: ExampleCode['kind'], system: ExampleCode['system'], [code, title]: readonly [string, string]): ExampleCode => ({ kind, system, code, title });
    examples.push({
      sex: patient.sex,
      age: patient.age,
      days: Math.max(1, Math.round((visit.dischargedAt - visit.admittedAt) / DAY)),
      text: writeNote({ patient, visit, age: patient.age, style: { blank: mimic4.blank, words, icd10, listMedications: false }, rng: root.split('note', index) }),
      codes: distinct([
        ...diseases.map((variant) => coded('dx', icd10 ? 'icd10cm' : 'icd9cm', variant[icd])),
        ...visit.drugs.flatMap((drug) => (drug ? [coded('rx', 'atc', [drug.atc, drug.name])] : [])),
        ...visit.procedures.map((procedure) => coded('px', icd10 ? 'icd10pcs' : 'icd9proc', world.procedures[procedure]![icd])),
      ]),
    });
  }
  return examples;
}

const distinct = (codes: readonly ExampleCode[]): ExampleCode[] => [...new Map(codes.map((code) => [`${code.system} ${code.code}`, code])).values()];
