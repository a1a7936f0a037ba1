/** Diseases of the heart and the vessels, with their ICD-9-CM and ICD-10-CM codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const cardiac: readonly DiseaseEntry[] = [
  {
    id: 'hypertension', chronic: true, rates: { any: 0.34, cardiac: 0.58, metabolic: 0.52 },
    surfaces: ['hypertension', 'HTN', 'high blood pressure', 'elevated blood pressure'],
    variants: [
      [0.92, ['401.9', 'Unspecified essential hypertension'], ['I10', 'Essential (primary) hypertension']],
      [0.08, ['401.1', 'Benign essential hypertension'], ['I10', 'Essential (primary) hypertension'], ['benign', 'mild and well controlled']],
    ],
  },
  {
    id: 'hyperlipidemia', chronic: true, rates: { any: 0.24, cardiac: 0.46, metabolic: 0.34 },
    surfaces: ['hyperlipidemia', 'HLD', 'dyslipidemia', 'high cholesterol'],
    variants: [
      [0.85, ['272.4', 'Other and unspecified hyperlipidemia'], ['E78.5', 'Hyperlipidemia, unspecified']],
      [0.15, ['272.0', 'Pure hypercholesterolemia'], ['E78.00', 'Pure hypercholesterolemia, unspecified'], ['LDL raised with normal triglycerides', 'isolated LDL elevation']],
    ],
  },
  {
    id: 'coronary-disease', chronic: true, rates: { any: 0.08, cardiac: 0.5, metabolic: 0.18 },
    surfaces: ['coronary artery disease', 'CAD', 'coronary atherosclerosis'],
    variants: [[1, ['414.01', 'Coronary atherosclerosis of native coronary artery'], ['I25.10', 'Atherosclerotic heart disease of native coronary artery without angina pectoris']]],
  },
  {
    id: 'heart-failure', chronic: true, rates: { any: 0.06, cardiac: 0.45, metabolic: 0.17, respiratory: 0.14 },
    surfaces: ['heart failure', 'CHF', 'congestive heart failure', 'a weak heart'],
    variants: [
      [0.3, ['428.0', 'Congestive heart failure, unspecified'], ['I50.9', 'Heart failure, unspecified']],
      [0.24, ['428.22', 'Chronic systolic heart failure'], ['I50.22', 'Chronic systolic (congestive) heart failure'], ['long-standing, with an ejection fraction of 25%', 'compensated HFrEF']],
      [0.16, ['428.23', 'Acute on chronic systolic heart failure'], ['I50.23', 'Acute on chronic systolic (congestive) heart failure'], ['decompensated, with an ejection fraction of 25%', 'HFrEF flare with new congestion']],
      [0.18, ['428.32', 'Chronic diastolic heart failure'], ['I50.32', 'Chronic diastolic (congestive) heart failure'], ['long-standing, with preserved ejection fraction', 'compensated HFpEF']],
      [0.12, ['428.33', 'Acute on chronic diastolic heart failure'], ['I50.33', 'Acute on chronic diastolic (congestive) heart failure'], ['decompensated, with preserved ejection fraction', 'HFpEF flare with new congestion']],
    ],
  },
  {
    id: 'atrial-fibrillation', chronic: true, rates: { any: 0.09, cardiac: 0.36 }, shared: 'AF',
    surfaces: ['atrial fibrillation', 'afib', 'an irregularly irregular rhythm'],
    variants: [
      [0.65, ['427.31', 'Atrial fibrillation'], ['I48.91', 'Unspecified atrial fibrillation']],
      [0.35, ['427.31', 'Atrial fibrillation'], ['I48.0', 'Paroxysmal atrial fibrillation'], ['paroxysmal', 'coming and going on its own']],
    ],
  },
  {
    id: 'atrial-flutter', rates: { any: 0.012, cardiac: 0.08 }, shared: 'AF',
    surfaces: ['atrial flutter', 'flutter with 2:1 block'],
    variants: [[1, ['427.32', 'Atrial flutter'], ['I48.92', 'Unspecified atrial flutter']]],
  },
  {
    id: 'old-infarction', chronic: true, rates: { any: 0.02, cardiac: 0.2 },
    surfaces: ['an old myocardial infarction', 'a prior heart attack', 'remote MI'],
    variants: [[1, ['412', 'Old myocardial infarction'], ['I25.2', 'Old myocardial infarction']]],
  },
  {
    id: 'nstemi', rates: { any: 0.012, cardiac: 0.14 },
    surfaces: ['NSTEMI', 'non-ST-elevation myocardial infarction', 'a troponin leak from subendocardial infarction'],
    variants: [[1, ['410.71', 'Subendocardial infarction, initial episode of care'], ['I21.4', 'Non-ST elevation (NSTEMI) myocardial infarction']]],
  },
  {
    id: 'stemi', rates: { any: 0.002, cardiac: 0.06 },
    surfaces: ['STEMI', 'ST-elevation myocardial infarction'],
    variants: [
      [0.6, ['410.11', 'Acute myocardial infarction of other anterior wall, initial episode of care'], ['I21.09', 'ST elevation (STEMI) myocardial infarction involving other coronary artery of anterior wall'], ['of the anterior wall', 'from an LAD occlusion']],
      [0.4, ['410.41', 'Acute myocardial infarction of other inferior wall, initial episode of care'], ['I21.19', 'ST elevation (STEMI) myocardial infarction involving other coronary artery of inferior wall'], ['of the inferior wall', 'with changes in II, III and aVF']],
    ],
  },
  {
    id: 'aortic-stenosis', chronic: true, rates: { any: 0.015, cardiac: 0.13 }, shared: 'AS',
    surfaces: ['aortic stenosis', 'a narrowed aortic valve'],
    variants: [[1, ['424.1', 'Aortic valve disorders'], ['I35.0', 'Nonrheumatic aortic (valve) stenosis']]],
  },
  {
    id: 'mitral-regurgitation', chronic: true, rates: { any: 0.015, cardiac: 0.12 },
    surfaces: ['mitral regurgitation', 'a leaking mitral valve', 'mitral insufficiency'],
    variants: [[1, ['424.0', 'Mitral valve disorders'], ['I34.0', 'Nonrheumatic mitral (valve) insufficiency']]],
  },
  {
    id: 'mitral-stenosis', chronic: true, rates: { any: 0.002, cardiac: 0.025 }, shared: 'MS',
    surfaces: ['mitral stenosis', 'a narrowed mitral valve'],
    variants: [[1, ['394.0', 'Mitral stenosis'], ['I05.0', 'Rheumatic mitral stenosis']]],
  },
  {
    id: 'pulmonary-hypertension', chronic: true, rates: { any: 0.012, cardiac: 0.1, respiratory: 0.11 },
    surfaces: ['pulmonary hypertension', 'raised pulmonary artery pressure'],
    variants: [[1, ['416.8', 'Other chronic pulmonary heart diseases'], ['I27.20', 'Pulmonary hypertension, unspecified']]],
  },
  {
    id: 'cardiomyopathy', chronic: true, rates: { any: 0.006, cardiac: 0.1 },
    surfaces: ['cardiomyopathy', 'disease of the heart muscle'],
    variants: [
      [0.7, ['425.4', 'Other primary cardiomyopathies'], ['I42.9', 'Cardiomyopathy, unspecified']],
      [0.3, ['425.4', 'Other primary cardiomyopathies'], ['I42.0', 'Dilated cardiomyopathy'], ['dilated', 'with a dilated left ventricle']],
    ],
  },
  {
    id: 'ventricular-tachycardia', rates: { any: 0.004, cardiac: 0.07 },
    surfaces: ['ventricular tachycardia', 'runs of VT'],
    variants: [[1, ['427.1', 'Paroxysmal ventricular tachycardia'], ['I47.2', 'Ventricular tachycardia']]],
  },
  {
    id: 'complete-heart-block', rates: { any: 0.001, cardiac: 0.022 },
    surfaces: ['complete heart block', 'third-degree AV block'],
    variants: [[1, ['426.0', 'Atrioventricular block, complete'], ['I44.2', 'Atrioventricular block, complete']]],
  },
  {
    id: 'pericardial-effusion', rates: { any: 0.003, cardiac: 0.045, oncology: 0.03 }, shared: 'an effusion',
    surfaces: ['pericardial effusion', 'fluid around the heart'],
    variants: [[1, ['423.9', 'Unspecified disease of pericardium'], ['I31.3', 'Pericardial effusion (noninflammatory)']]],
  },
  {
    id: 'peripheral-vascular-disease', chronic: true, rates: { any: 0.03, cardiac: 0.13, metabolic: 0.14 },
    surfaces: ['peripheral vascular disease', 'PVD', 'claudication from poor leg circulation'],
    variants: [[1, ['443.9', 'Peripheral vascular disease, unspecified'], ['I73.9', 'Peripheral vascular disease, unspecified']]],
  },
  {
    id: 'carotid-stenosis', chronic: true, rates: { any: 0.006, cardiac: 0.05, mind: 0.03 },
    surfaces: ['carotid stenosis', 'a narrowed carotid artery'],
    variants: [
      [0.4, ['433.10', 'Occlusion and stenosis of carotid artery without mention of cerebral infarction'], ['I65.29', 'Occlusion and stenosis of unspecified carotid artery']],
      [0.3, ['433.10', 'Occlusion and stenosis of carotid artery without mention of cerebral infarction'], ['I65.21', 'Occlusion and stenosis of right carotid artery'], ['on the right side of the neck', 'right-sided on duplex']],
      [0.3, ['433.10', 'Occlusion and stenosis of carotid artery without mention of cerebral infarction'], ['I65.22', 'Occlusion and stenosis of left carotid artery'], ['on the left side of the neck', 'left-sided on duplex']],
    ],
  },
  {
    id: 'hypotension', rates: { any: 0.05, cardiac: 0.09, infection: 0.1 },
    surfaces: ['hypotension', 'low blood pressure', 'soft pressures'],
    variants: [[1, ['458.9', 'Hypotension, unspecified'], ['I95.9', 'Hypotension, unspecified']]],
  },
  {
    id: 'deep-vein-thrombosis', rates: { any: 0.02, oncology: 0.1, bones: 0.09 },
    surfaces: ['deep vein thrombosis', 'DVT', 'a clot in the leg'],
    variants: [
      [0.3, ['453.40', 'Acute venous embolism and thrombosis of unspecified deep vessels of lower extremity'], ['I82.409', 'Acute embolism and thrombosis of unspecified deep veins of unspecified lower extremity']],
      [0.35, ['453.40', 'Acute venous embolism and thrombosis of unspecified deep vessels of lower extremity'], ['I82.401', 'Acute embolism and thrombosis of unspecified deep veins of right lower extremity'], ['in the right calf', 'right leg swollen']],
      [0.35, ['453.40', 'Acute venous embolism and thrombosis of unspecified deep vessels of lower extremity'], ['I82.402', 'Acute embolism and thrombosis of unspecified deep veins of left lower extremity'], ['in the left calf', 'left leg swollen']],
    ],
  },
];
