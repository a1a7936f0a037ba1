/** Synthetic example notes: patients of the synthetic hospital, in our own sentences; never anybody's data. */
import { createRng } from '../core/rng.js';
import { writeNote } from '../synth/note/write.js';
import { drawPatient } from '../synth/sample/patient.js';
import { hospitalWorld } from '../synth/world/hospital.js';
import type { ExamplesAnswer } from './schemas.js';

export interface ExampleOptions {
  count: number;
  seed: number;
  /** Words of a note. */
  words: number;
  /** What the model reads; codes of other kinds are left out. */
  inputs: readonly string[];
}

type Example = ExamplesAnswer[number];
type ExampleCode = Example['codes'][number];

const DAY = 24 * 60 * 60 * 1000;

/** The first visit of so many patients. Equal options give equal notes. */
export function exampleNotes({ count, seed, words, inputs }: ExampleOptions): Example[] {
  const world = hospitalWorld();
  const root = createRng(seed, 'examples');
  return Array.from({ length: count }, (_, index): Example => {
    const patient = drawPatient(world, index, root);
    const visit = patient.visits[0]!;
    const style = { blank: () => '___', words, icd10: true, listMedications: false };
    const text = writeNote({ patient, visit, age: patient.age, style, rng: root.split('note', index) });
    const stay = Math.max(1, Math.round((visit.dischargedAt - visit.admittedAt) / DAY));
    const drugs = visit.drugs.flatMap((drug): ExampleCode[] => (drug ? [{ kind: 'rx', system: 'atc', code: drug.atc, title: drug.name }] : []));
    const diagnoses = world.diseases.flatMap(({ variants }, disease): ExampleCode[] => {
      const state = visit.states[disease]!;
      if (state === 0) return [];
      const [code, title] = variants[state - 1]!.icd10;
      return [{ kind: 'dx', system: 'icd10cm', code, title }];
    });
    return {
      name: `Synthetic ${patient.sex === 'F' ? 'woman' : 'man'} of ${Math.min(89, patient.age)}, ${stay} ${stay === 1 ? 'day' : 'days'} in hospital`,
      text,
      codes: distinct([...diagnoses, ...drugs].filter(({ kind }) => inputs.includes(kind))),
    };
  });
}

const distinct = (codes: readonly ExampleCode[]): ExampleCode[] => [...new Map(codes.map((code) => [`${code.system} ${code.code}`, code])).values()];
