/** Infections, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const infection: readonly DiseaseEntry[] = [
  {
    id: 'sepsis', rates: { any: 0.03, infection: 0.4, oncology: 0.08, respiratory: 0.07 },
    surfaces: ['sepsis', 'septicemia', 'a septic picture'],
    variants: [
      [0.7, ['038.9', 'Unspecified septicemia'], ['A41.9', 'Sepsis, unspecified organism']],
      [0.18, ['038.42', 'Septicemia due to escherichia coli [E. coli]'], ['A41.51', 'Sepsis due to Escherichia coli [E. coli]'], ['with E. coli in the bottles', 'gram-negative rods, later E. coli']],
      [0.12, ['038.11', 'Methicillin susceptible Staphylococcus aureus septicemia'], ['A41.01', 'Sepsis due to Methicillin susceptible Staphylococcus aureus'], ['with MSSA in the bottles', 'gram-positive clusters, later MSSA']],
    ],
  },
  {
    id: 'septic-shock', rates: { any: 0.008, infection: 0.16 },
    surfaces: ['septic shock', 'pressors for vasodilatory shock'],
    variants: [[1, ['785.52', 'Septic shock'], ['R65.21', 'Severe sepsis with septic shock']]],
  },
  {
    id: 'urinary-tract-infection', rates: { any: 0.09, infection: 0.3, mind: 0.14 },
    surfaces: ['urinary tract infection', 'UTI', 'a positive urine culture with dysuria'],
    variants: [[1, ['599.0', 'Urinary tract infection, site not specified'], ['N39.0', 'Urinary tract infection, site not specified']]],
  },
  {
    id: 'cellulitis', rates: { any: 0.015, infection: 0.17, metabolic: 0.06 },
    surfaces: ['cellulitis', 'a red, warm leg'],
    variants: [
      [0.3, ['682.6', 'Cellulitis and abscess of leg, except foot'], ['L03.119', 'Cellulitis of unspecified part of limb']],
      [0.35, ['682.6', 'Cellulitis and abscess of leg, except foot'], ['L03.115', 'Cellulitis of right lower limb'], ['of the right shin', 'spreading up the right leg']],
      [0.35, ['682.6', 'Cellulitis and abscess of leg, except foot'], ['L03.116', 'Cellulitis of left lower limb'], ['of the left shin', 'spreading up the left leg']],
    ],
  },
  {
    id: 'bacteremia', rates: { any: 0.008, infection: 0.15 },
    surfaces: ['bacteremia', 'positive blood cultures'],
    variants: [[1, ['790.7', 'Bacteremia'], ['R78.81', 'Bacteremia']]],
  },
  {
    id: 'endocarditis', rates: { any: 0.001, infection: 0.06 },
    surfaces: ['endocarditis', 'a vegetation on echo'],
    variants: [[1, ['421.0', 'Acute and subacute bacterial endocarditis'], ['I33.0', 'Acute and subacute infective endocarditis']]],
  },
  {
    id: 'osteomyelitis', rates: { any: 0.003, infection: 0.08, metabolic: 0.04 },
    surfaces: ['osteomyelitis', 'a bone infection'],
    variants: [[1, ['730.27', 'Unspecified osteomyelitis, ankle and foot'], ['M86.9', 'Osteomyelitis, unspecified']]],
  },
  {
    id: 'c-difficile', rates: { any: 0.05 }, mention: 0.3,
    surfaces: ['C. difficile colitis', 'C. diff', 'toxin-positive diarrhea'],
    variants: [[1, ['008.45', 'Intestinal infection due to Clostridium difficile'], ['A04.72', 'Enterocolitis due to Clostridium difficile, not specified as recurrent']]],
  },
  {
    id: 'hiv', chronic: true, rates: { any: 0.003, infection: 0.07 },
    surfaces: ['HIV', 'human immunodeficiency virus disease'],
    variants: [[1, ['042', 'Human immunodeficiency virus [HIV] disease'], ['B20', 'Human immunodeficiency virus [HIV] disease']]],
  },
  {
    id: 'thrush', rates: { any: 0.006, infection: 0.06, oncology: 0.07 },
    surfaces: ['thrush', 'oral candidiasis'],
    variants: [[1, ['112.0', 'Candidiasis of mouth'], ['B37.0', 'Candidal stomatitis']]],
  },
  {
    id: 'shingles', rates: { any: 0.003, infection: 0.03, oncology: 0.03 },
    surfaces: ['shingles', 'herpes zoster'],
    variants: [[1, ['053.9', 'Herpes zoster without mention of complication'], ['B02.9', 'Zoster without complications']]],
  },
  {
    id: 'pressure-ulcer', rates: { any: 0.05 }, mention: 0.3,
    surfaces: ['a pressure ulcer', 'a sacral decubitus', 'broken skin over the sacrum'],
    variants: [[1, ['707.03', 'Pressure ulcer, lower back'], ['L89.159', 'Pressure ulcer of sacral region, unspecified stage']]],
  },
];
