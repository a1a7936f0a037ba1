/** Synthetic example notes: patients of the synthetic hospital, in our own sentences; never anybody's data. */
import { exampleVisits, type ExampleOptions as VisitOptions } from '../synth/example-visits.js';
import type { ExamplesAnswer } from './schemas.js';

export interface ExampleOptions extends Pick<VisitOptions, 'seed' | 'words'> {
  count: number;
  /** What the model reads; codes of other kinds are left out. */
  inputs: readonly string[];
}

/** The first visit of so many patients. Equal options give equal notes. */
export const exampleNotes = ({ count, seed, words, inputs }: ExampleOptions): ExamplesAnswer =>
  exampleVisits(count, { seed, words, icd10: true }).map(({ sex, age, days, text, codes }) => ({
    name: `Synthetic ${sex === 'F' ? 'woman' : 'man'} of ${Math.min(89, age)}, ${days} ${days === 1 ? 'day' : 'days'} in hospital`,
    text,
    codes: codes.filter(({ kind }) => inputs.includes(kind)),
  }));
