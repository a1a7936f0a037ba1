/** The medication ceiling on a tiny world, by hand. */
import { describe, expect, it } from 'vitest';
import { initialBelief, medicationModel, medicationPosterior, updateBelief, type PastInputs } from '../../src/synth/bayes/medication.js';
import type { ClinicalVisit } from '../../src/synth/sample/visit.js';
import type { Drug } from '../../src/synth/world/types.js';
import { ALPHA, GAMMA, tinyWorld } from './tiny-world.js';

const world = tinyWorld();
const model = medicationModel(world);
const healthy = Uint8Array.of(0, 0, 0);

const past = (drug: Drug | null, stated?: boolean): ClinicalVisit => ({
  states: healthy, facts: [], mentions: [], family: [], procedures: [], drugs: [drug, null, null],
  statements: stated === undefined ? [] : [{ fact: 0, value: stated, sentence: '' }],
});

/** P(allergy | one past visit); the patient's only fact. */
const allergy = (visit: ClinicalVisit, inputs: PastInputs): number => updateBelief(world, model, { belief: initialBelief(world, model), visit, inputs })[1]!;

describe('medication posterior', () => {
  const posterior = medicationPosterior(world, model, { belief: initialBelief(world, model), states: healthy });

  it('multiplies the leak, the fact and the weight of the drug', () => {
    expect(posterior.get('A01AA01')).toBeCloseTo(0.05 * 0.7 * 0.75, 12);
    expect(posterior.get('B01AA03')).toBeCloseTo(0.05 * 0.3, 12);
    expect(posterior.get('D01AA06')).toBeCloseTo(0.5, 12);
  });

  it('adds up drugs of one group, of which one is given, and combines groups under a code', () => {
    const both = 0.05 * 0.7;
    const thirdOnly = 0.1 * 0.6;
    expect(posterior.get('A01A')).toBeCloseTo(1 - (1 - both) * (1 - thirdOnly), 12);
    expect(posterior.get('A01AA')).toBeCloseTo(1 - (1 - both * 0.75) * (1 - thirdOnly), 12);
  });

  it('follows the diagnoses by a noisy or', () => {
    const given = 1 - 0.95 * 0.4 * 0.2;
    expect(medicationPosterior(world, model, { belief: initialBelief(world, model), states: Uint8Array.of(2, 1, 0) }).get('B01AA03')).toBeCloseTo(given * 0.3, 12);
  });
});

describe('belief about a patient', () => {
  it('is settled by a drug that only one value of the fact explains', () => {
    expect(allergy(past(GAMMA), 'codes')).toBeCloseTo(1, 12);
    expect(allergy(past(ALPHA), 'codes')).toBeCloseTo(0, 12);
  });

  it('reads past text only where it may', () => {
    expect(allergy(past(null, true), 'codes')).toBeCloseTo(0.3, 12);
    expect(allergy(past(null, true), 'text+codes')).toBeCloseTo(1, 12);
  });

  it('learns from silence', () => {
    expect(allergy(past(null), 'text+codes')).toBeCloseTo((0.3 * 0.2) / (0.3 * 0.2 + 0.7 * 0.7), 12);
  });
});
