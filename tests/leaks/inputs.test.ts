import { describe, expect, it } from 'vitest';
import { checkInputs } from '../../src/leaks/inputs.js';
import type { TaskDeclaration, TaskInput } from '../../src/leaks/index.js';
import { coding, medication, readmission } from './planted.js';

const leaksOf = (declaration: TaskDeclaration, ...inputs: TaskInput[]) => checkInputs({ ...declaration, inputs }).flatMap(({ name }) => name ?? []);

const modalities = ['text', 'dx', 'rx', 'px'] as const;
const visits = ['same', 'past'] as const;

describe('what a task may read, of each modality of the visit and of past visits', () => {
  /** Everything else passes. */
  const expected: Record<string, string> = {
    'icd-coding dx same': 'target-diagnoses',
    'medication rx same': 'target-medications',
    'medication text same': 'same-visit-text',
  };

  for (const declaration of [coding, readmission, medication]) {
    for (const modality of modalities) {
      for (const visit of visits) {
        const name = `${declaration.task} ${modality} ${visit}`;
        it(`${name}: ${expected[name] ?? 'passes'}`, () => {
          expect(leaksOf(declaration, { modality, visit })).toEqual(expected[name] === undefined ? [] : [expected[name]]);
        });
      }
    }
  }

  it('is judged input by input', () => {
    expect(leaksOf(medication, { modality: 'rx', visit: 'past' }, { modality: 'rx', visit: 'same' }, { modality: 'text', visit: 'same' })).toEqual(['target-medications', 'same-visit-text']);
    expect(leaksOf({ ...coding, label: { kinds: ['px'], visit: 'same' } }, { modality: 'dx', visit: 'same' }, { modality: 'px', visit: 'same' })).toEqual(['target-procedures']);
  });
});
