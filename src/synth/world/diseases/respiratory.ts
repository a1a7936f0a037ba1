/** Diseases of the lungs and airways, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const respiratory: readonly DiseaseEntry[] = [
  {
    id: 'copd', chronic: true, rates: { any: 0.06, respiratory: 0.52, cardiac: 0.13 },
    surfaces: ['COPD', 'chronic obstructive pulmonary disease', 'emphysema and chronic bronchitis'],
    variants: [
      [0.6, ['496', 'Chronic airway obstruction, not elsewhere classified'], ['J44.9', 'Chronic obstructive pulmonary disease, unspecified']],
      [0.4, ['491.21', 'Obstructive chronic bronchitis with (acute) exacerbation'], ['J44.1', 'Chronic obstructive pulmonary disease with (acute) exacerbation'], ['in acute exacerbation', 'flaring with more sputum']],
    ],
  },
  {
    id: 'asthma', chronic: true, rates: { any: 0.04, respiratory: 0.22 },
    surfaces: ['asthma', 'reactive airways', 'bronchial asthma'],
    variants: [
      [0.7, ['493.90', 'Asthma, unspecified type, unspecified'], ['J45.909', 'Unspecified asthma, uncomplicated']],
      [0.3, ['493.92', 'Asthma, unspecified type, with (acute) exacerbation'], ['J45.901', 'Unspecified asthma with (acute) exacerbation'], ['with a severe attack', 'tight and needing hourly treatments']],
    ],
  },
  {
    id: 'pneumonia', rates: { any: 0.05, respiratory: 0.33, infection: 0.22, oncology: 0.08 },
    surfaces: ['pneumonia', 'a lobar infiltrate treated as pneumonia', 'PNA'],
    variants: [[1, ['486', 'Pneumonia, organism unspecified'], ['J18.9', 'Pneumonia, unspecified organism']]],
  },
  {
    id: 'aspiration-pneumonia', rates: { any: 0.012, respiratory: 0.09, mind: 0.1 },
    surfaces: ['aspiration pneumonia', 'aspiration pneumonitis'],
    variants: [[1, ['507.0', 'Pneumonitis due to inhalation of food or vomitus'], ['J69.0', 'Pneumonitis due to inhalation of food and vomit']]],
  },
  {
    id: 'acute-respiratory-failure', rates: { any: 0.04, respiratory: 0.3, infection: 0.13 }, shared: 'ARF',
    surfaces: ['acute respiratory failure', 'respiratory distress needing ventilatory support'],
    variants: [
      [0.6, ['518.81', 'Acute respiratory failure'], ['J96.00', 'Acute respiratory failure, unspecified whether with hypoxia or hypercapnia']],
      [0.4, ['518.81', 'Acute respiratory failure'], ['J96.01', 'Acute respiratory failure with hypoxia'], ['with saturations in the low eighties', 'hypoxic on arrival']],
    ],
  },
  {
    id: 'chronic-respiratory-failure', chronic: true, rates: { any: 0.005, respiratory: 0.12 }, shared: 'CRF',
    surfaces: ['chronic respiratory failure', 'dependence on home oxygen'],
    variants: [[1, ['518.83', 'Chronic respiratory failure'], ['J96.10', 'Chronic respiratory failure, unspecified whether with hypoxia or hypercapnia']]],
  },
  {
    id: 'pulmonary-embolism', rates: { any: 0.015, respiratory: 0.07, oncology: 0.09 },
    surfaces: ['pulmonary embolism', 'a clot in the lung', 'filling defects on CT angiography'],
    variants: [[1, ['415.19', 'Other pulmonary embolism and infarction'], ['I26.99', 'Other pulmonary embolism without acute cor pulmonale']]],
  },
  {
    id: 'pleural-effusion', rates: { any: 0.03, respiratory: 0.15, oncology: 0.14, cardiac: 0.1 }, shared: 'an effusion',
    surfaces: ['pleural effusion', 'fluid in the pleural space'],
    variants: [[1, ['511.9', 'Unspecified pleural effusion'], ['J90', 'Pleural effusion, not elsewhere classified']]],
  },
  {
    id: 'sleep-apnea', chronic: true, rates: { any: 0.06, respiratory: 0.18, metabolic: 0.14 },
    surfaces: ['sleep apnea', 'OSA', 'obstructive sleep apnea on CPAP'],
    variants: [[1, ['327.23', 'Obstructive sleep apnea (adult)(pediatric)'], ['G47.33', 'Obstructive sleep apnea (adult) (pediatric)']]],
  },
  {
    id: 'tobacco-use', chronic: true, rates: { any: 0.13, respiratory: 0.38, mind: 0.2 },
    surfaces: ['tobacco use', 'smoking a pack a day', 'nicotine dependence'],
    variants: [[1, ['305.1', 'Tobacco use disorder'], ['F17.210', 'Nicotine dependence, cigarettes, uncomplicated']]],
  },
  {
    id: 'interstitial-lung-disease', chronic: true, rates: { any: 0.003, respiratory: 0.07 },
    surfaces: ['interstitial lung disease', 'pulmonary fibrosis'],
    variants: [[1, ['515', 'Postinflammatory pulmonary fibrosis'], ['J84.10', 'Pulmonary fibrosis, unspecified']]],
  },
  {
    id: 'pneumothorax', rates: { any: 0.003, respiratory: 0.04 },
    surfaces: ['pneumothorax', 'a collapsed lung'],
    variants: [[1, ['512.89', 'Other pneumothorax'], ['J93.9', 'Pneumothorax, unspecified']]],
  },
  {
    id: 'bronchiectasis', chronic: true, rates: { any: 0.001, respiratory: 0.03 },
    surfaces: ['bronchiectasis', 'dilated airways on CT'],
    variants: [[1, ['494.0', 'Bronchiectasis without acute exacerbation'], ['J47.9', 'Bronchiectasis, uncomplicated']]],
  },
  {
    id: 'influenza', rates: { any: 0.006, respiratory: 0.05, infection: 0.05 },
    surfaces: ['influenza', 'the flu'],
    variants: [[1, ['487.1', 'Influenza with other respiratory manifestations'], ['J11.1', 'Influenza due to unidentified influenza virus with other respiratory manifestations']]],
  },
];
