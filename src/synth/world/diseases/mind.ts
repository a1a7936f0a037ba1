/** Diseases of the nervous system and mental disorders, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const mind: readonly DiseaseEntry[] = [
  {
    id: 'depression', chronic: true, rates: { any: 0.12, mind: 0.36 },
    surfaces: ['depression', 'major depressive disorder', 'low mood under treatment'],
    variants: [[1, ['311', 'Depressive disorder, not elsewhere classified'], ['F32.9', 'Major depressive disorder, single episode, unspecified']]],
  },
  {
    id: 'anxiety', chronic: true, rates: { any: 0.07, mind: 0.24 },
    surfaces: ['anxiety', 'chronic worry and nervousness'],
    variants: [[1, ['300.00', 'Anxiety state, unspecified'], ['F41.9', 'Anxiety disorder, unspecified']]],
  },
  {
    id: 'panic-disorder', chronic: true, rates: { any: 0.003, mind: 0.04 }, shared: 'PD',
    surfaces: ['panic disorder', 'recurrent panic attacks'],
    variants: [[1, ['300.01', 'Panic disorder without agoraphobia'], ['F41.0', 'Panic disorder [episodic paroxysmal anxiety]']]],
  },
  {
    id: 'parkinsons-disease', chronic: true, rates: { any: 0.006, mind: 0.08 }, shared: 'PD',
    surfaces: ["Parkinson's disease", 'a resting tremor with rigidity'],
    variants: [[1, ['332.0', 'Paralysis agitans'], ['G20', "Parkinson's disease"]]],
  },
  {
    id: 'dementia', chronic: true, rates: { any: 0.02, mind: 0.17 },
    surfaces: ['dementia', 'progressive memory loss'],
    variants: [[1, ['294.20', 'Dementia, unspecified, without behavioral disturbance'], ['F03.90', 'Unspecified dementia without behavioral disturbance']]],
  },
  {
    id: 'alzheimers-disease', chronic: true, rates: { any: 0.006, mind: 0.09 },
    surfaces: ["Alzheimer's disease", "Alzheimer's"],
    variants: [[1, ['331.0', "Alzheimer's disease"], ['G30.9', "Alzheimer's disease, unspecified"]]],
  },
  {
    id: 'epilepsy', chronic: true, rates: { any: 0.012, mind: 0.16 },
    surfaces: ['epilepsy', 'a seizure disorder'],
    variants: [[1, ['345.90', 'Epilepsy, unspecified, without mention of intractable epilepsy'], ['G40.909', 'Epilepsy, unspecified, not intractable, without status epilepticus']]],
  },
  {
    id: 'ischemic-stroke', rates: { any: 0.01, mind: 0.16, cardiac: 0.03 },
    surfaces: ['ischemic stroke', 'CVA', 'an acute infarct on MRI'],
    variants: [
      [0.65, ['434.91', 'Cerebral artery occlusion, unspecified with cerebral infarction'], ['I63.9', 'Cerebral infarction, unspecified']],
      [0.35, ['434.11', 'Cerebral embolism with cerebral infarction'], ['I63.40', 'Cerebral infarction due to embolism of unspecified cerebral artery'], ['embolic', 'in several territories at once']],
    ],
  },
  {
    id: 'transient-ischemic-attack', rates: { any: 0.005, mind: 0.05 },
    surfaces: ['TIA', 'transient ischemic attack'],
    variants: [[1, ['435.9', 'Unspecified transient cerebral ischemia'], ['G45.9', 'Transient cerebral ischemic attack, unspecified']]],
  },
  {
    id: 'bipolar-disorder', chronic: true, rates: { any: 0.008, mind: 0.1 },
    surfaces: ['bipolar disorder', 'manic-depressive illness'],
    variants: [[1, ['296.80', 'Bipolar disorder, unspecified'], ['F31.9', 'Bipolar disorder, unspecified']]],
  },
  {
    id: 'schizophrenia', chronic: true, rates: { any: 0.003, mind: 0.07 },
    surfaces: ['schizophrenia', 'a chronic psychotic illness'],
    variants: [[1, ['295.90', 'Unspecified schizophrenia, unspecified'], ['F20.9', 'Schizophrenia, unspecified']]],
  },
  {
    id: 'alcohol-dependence', chronic: true, rates: { any: 0.03, mind: 0.2, digestive: 0.18 },
    surfaces: ['alcohol dependence', 'heavy daily drinking', 'EtOH dependence'],
    variants: [
      [0.7, ['303.90', 'Other and unspecified alcohol dependence, unspecified'], ['F10.20', 'Alcohol dependence, uncomplicated']],
      [0.3, ['291.81', 'Alcohol withdrawal'], ['F10.239', 'Alcohol dependence with withdrawal, unspecified'], ['in withdrawal', 'tremulous two days after the last drink']],
    ],
  },
  {
    id: 'opioid-dependence', chronic: true, rates: { any: 0.006, mind: 0.07, infection: 0.05 },
    surfaces: ['opioid dependence', 'heroin use'],
    variants: [[1, ['304.00', 'Opioid type dependence, unspecified'], ['F11.20', 'Opioid dependence, uncomplicated']]],
  },
  {
    id: 'delirium', rates: { any: 0.09 }, mention: 0.3,
    surfaces: ['delirium', 'waxing and waning confusion', 'acute agitation at night'],
    variants: [[1, ['293.0', 'Delirium due to conditions classified elsewhere'], ['F05', 'Delirium due to known physiological condition']]],
  },
  {
    id: 'multiple-sclerosis', chronic: true, rates: { any: 0.002, mind: 0.045 }, shared: 'MS',
    surfaces: ['multiple sclerosis', 'demyelinating disease'],
    variants: [[1, ['340', 'Multiple sclerosis'], ['G35', 'Multiple sclerosis']]],
  },
  {
    id: 'migraine', chronic: true, rates: { any: 0.02, mind: 0.07 },
    surfaces: ['migraine', 'one-sided throbbing headaches'],
    variants: [[1, ['346.90', 'Migraine, unspecified, without mention of intractable migraine without mention of status migrainosus'], ['G43.909', 'Migraine, unspecified, not intractable, without status migrainosus']]],
  },
  {
    id: 'insomnia', rates: { any: 0.025, mind: 0.09 },
    surfaces: ['insomnia', 'trouble sleeping'],
    variants: [[1, ['780.52', 'Insomnia, unspecified'], ['G47.00', 'Insomnia, unspecified']]],
  },
];
