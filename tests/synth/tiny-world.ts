/** A world small enough to enumerate by hand: three diseases, one shared name, one shared drug group. */
import { checkWorld } from '../../src/synth/world/check.js';
import type { Drug, Fact, World } from '../../src/synth/world/types.js';

const drug = (atc: string, name: string): Drug => ({ atc, name, strength: '1mg Tablet', dose: '1', unit: 'mg', route: 'PO' });

export const ALPHA = drug('A01AA01', 'Alpha');
export const BETA = drug('A01AB02', 'Beta');
export const GAMMA = drug('B01AA03', 'Gamma');
export const DELTA = drug('A01AA04', 'Delta');

const fact = (id: string, scope: Fact['scope'], rate: number): Fact => ({
  id, scope, rate, statedIfTrue: 0.8, statedIfFalse: 0.3, sentencesIfTrue: [`${id} holds.`], sentencesIfFalse: [`${id} does not hold.`],
});

export const tinyWorld = (): World => checkWorld({
  profiles: [{ name: 'one', share: 0.7 }, { name: 'two', share: 0.3 }],
  diseases: [
    {
      id: 'first', chronic: true, rates: [0.2, 0.7], mentionRate: 0.6, surfaces: ['first disease', 'disease one'], sharedSurface: 'DX',
      variants: [
        { share: 0.6, icd9: ['100.1', 'First, left'], icd10: ['A10.1', 'First, left'], details: ['on the left', 'left-sided'] },
        { share: 0.3, icd9: ['100.1', 'First, right'], icd10: ['A10.2', 'First, right'], details: ['on the right'] },
        { share: 0.1, icd9: ['100.9', 'First, unspecified'], icd10: ['A10.9', 'First, unspecified'], details: [] },
      ],
    },
    {
      id: 'second', chronic: false, rates: [0.3, 0.1], mentionRate: 0.5, surfaces: ['second disease'], sharedSurface: 'DX',
      variants: [{ share: 1, icd9: ['200', 'Second'], icd10: ['B20', 'Second'], details: [] }],
    },
    {
      id: 'third', chronic: false, rates: [0.25, 0.25], mentionRate: 0.4, surfaces: ['third disease'],
      variants: [{ share: 1, icd9: ['300', 'Third'], icd10: ['C30', 'Third'], details: ['with spots'] }],
    },
  ],
  facts: [fact('allergy', 'patient', 0.3), fact('thirst', 'visit', 0.4), fact('support', 'visit', 0.5)],
  drugGroups: [
    { id: 'both', leak: 0.05, causes: [[0, 0.6], [1, 0.8]], usual: [[ALPHA, 0.75], [BETA, 0.25]], unless: { fact: 0, instead: [[GAMMA, 1]] } },
    { id: 'third only', leak: 0.1, causes: [[2, 0.9]], usual: [[DELTA, 1]], unless: { fact: 1, instead: [[drug('C01AA05', 'Epsilon'), 1]] } },
    { id: 'anybody', leak: 0.5, causes: [], usual: [[drug('D01AA06', 'Zeta'), 1]] },
  ],
  procedures: [{ disease: 1, rate: 0.5, icd9: ['10.1', 'Something'], icd10: ['0AB0XYZ', 'Something'] }],
  readmission: { diseases: [2], fact: 2, risk: [[0.3, 0.1], [0.05, 0.7]] },
  persistence: 0.8,
  sharedSurfaceRate: 0.35,
  detailRate: 0.75,
  denialRate: 0.15,
  familyRate: 0.1,
});
