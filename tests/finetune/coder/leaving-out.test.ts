/** What a training note is learnt from has not been counted with the note, or its group: the same as if they had not been there. */
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { fitAssociations } from '../../../finetune/coder/associations.js';
import { dictionaryEvidence } from '../../../finetune/coder/dictionary-evidence.js';
import { PENALTY, ridge } from '../../../finetune/coder/document-scores.js';
import { readNote } from '../../../finetune/coder/note.js';
import { markedRates } from '../../../finetune/coder/windows.js';
import { createRng } from '../../../src/core/rng.js';
import { expectAllClose } from '../../support/all-close.js';
import { corpus } from './notes.js';

describe('the dictionary', () => {
  const notes = corpus(24).map(readNote);
  const all = fitAssociations(notes, 'dx');

  it.each([0, 7, 23])('of note %i is that of the other groups', (n) => {
    const note = notes[n]!;
    const others = fitAssociations(notes.filter(({ group }) => group !== note.group), 'dx');
    const evidence = dictionaryEvidence(note, markedRates(note, all, note.group), all, note.group);
    const expected = dictionaryEvidence(note, markedRates(note, others, undefined), others, undefined);
    const comparable = (one: typeof evidence) => [...one].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(evidence.size).toBeGreaterThan(1);
    expect(comparable(evidence)).toEqual(comparable(expected));
  });

  it('would otherwise count the note itself', () => {
    const note = notes[0]!;
    const rates = markedRates(note, all, undefined);
    const [withIt, withoutIt] = [undefined, note.group].map((group) => dictionaryEvidence(note, rates, all, group));
    const code = [...withoutIt!.keys()][0]!;
    expect(withIt!.get(code)![0]!.annotated).toBeGreaterThan(withoutIt!.get(code)![0]!.annotated);
  });
});

describe('ridge regression on whole notes', () => {
  it('predicts for a group what the others alone do', () => {
    const rng = createRng(3);
    const [N, F, L] = [11, 5, 3];
    const X = Matrix.from1DArray(N, F, Array.from({ length: N * F }, () => rng.normal()));
    const y = Matrix.from1DArray(N, L, Array.from({ length: N * L }, () => Number(rng.bernoulli(0.4))));
    const groups = [[0, 4, 5], [1], [2, 3], [6, 7, 8, 9], [10]];
    const { heldOut, dual } = ridge(X.mmul(X.transpose()), y, groups);
    for (const rows of groups) {
      const others = [...Array(N).keys()].filter((row) => !rows.includes(row));
      const known = X.subMatrixRow(others);
      const weights = solve(Matrix.add(known.transpose().mmul(known), Matrix.eye(F).mul(PENALTY)), known.transpose().mmul(y.subMatrixRow(others)));
      expectAllClose(heldOut.subMatrixRow(rows).to1DArray(), X.subMatrixRow(rows).mmul(weights).to1DArray(), { rtol: 1e-9, atol: 1e-9 });
    }
    const primal = solve(Matrix.add(X.transpose().mmul(X), Matrix.eye(F).mul(PENALTY)), X.transpose().mmul(y));
    expectAllClose(X.transpose().mmul(dual).to1DArray(), primal.to1DArray(), { rtol: 1e-9, atol: 1e-9 });
  });
});
