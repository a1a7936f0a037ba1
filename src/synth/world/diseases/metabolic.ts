/** Diabetes, kidney, thyroid and electrolyte disorders, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const metabolic: readonly DiseaseEntry[] = [
  {
    id: 'type-2-diabetes', chronic: true, rates: { any: 0.15, metabolic: 0.58, cardiac: 0.26 },
    surfaces: ['type 2 diabetes', 'T2DM', 'adult-onset diabetes', 'non-insulin-dependent diabetes'],
    variants: [
      [0.6, ['250.00', 'Diabetes mellitus without mention of complication, type II or unspecified type, not stated as uncontrolled'], ['E11.9', 'Type 2 diabetes mellitus without complications']],
      [0.15, ['250.40', 'Diabetes with renal manifestations, type II or unspecified type, not stated as uncontrolled'], ['E11.21', 'Type 2 diabetes mellitus with diabetic nephropathy'], ['with nephropathy', 'with protein in the urine from it']],
      [0.12, ['250.60', 'Diabetes with neurological manifestations, type II or unspecified type, not stated as uncontrolled'], ['E11.40', 'Type 2 diabetes mellitus with diabetic neuropathy, unspecified'], ['with neuropathy', 'with numb feet']],
      [0.05, ['250.50', 'Diabetes with ophthalmic manifestations, type II or unspecified type, not stated as uncontrolled'], ['E11.319', 'Type 2 diabetes mellitus with unspecified diabetic retinopathy without macular edema'], ['with retinopathy', 'with laser-treated eyes']],
      [0.08, ['250.02', 'Diabetes mellitus without mention of complication, type II or unspecified type, uncontrolled'], ['E11.65', 'Type 2 diabetes mellitus with hyperglycemia'], ['poorly controlled', 'with sugars above 350']],
    ],
  },
  {
    id: 'type-1-diabetes', chronic: true, rates: { any: 0.004, metabolic: 0.045 },
    surfaces: ['type 1 diabetes', 'juvenile-onset diabetes'],
    variants: [
      [0.6, ['250.01', 'Diabetes mellitus without mention of complication, type I, not stated as uncontrolled'], ['E10.9', 'Type 1 diabetes mellitus without complications']],
      [0.4, ['250.11', 'Diabetes with ketoacidosis, type I, not stated as uncontrolled'], ['E10.10', 'Type 1 diabetes mellitus with ketoacidosis without coma'], ['in ketoacidosis', 'with an open anion gap and ketones']],
    ],
  },
  {
    id: 'chronic-kidney-disease', chronic: true, rates: { any: 0.06, metabolic: 0.32, cardiac: 0.15 }, shared: 'CRF',
    surfaces: ['chronic kidney disease', 'CKD', 'chronic renal insufficiency'],
    variants: [
      [0.55, ['585.9', 'Chronic kidney disease, unspecified'], ['N18.9', 'Chronic kidney disease, unspecified']],
      [0.28, ['585.3', 'Chronic kidney disease, Stage III (moderate)'], ['N18.30', 'Chronic kidney disease, stage 3 unspecified'], ['stage 3', 'with a GFR around 45']],
      [0.17, ['585.4', 'Chronic kidney disease, Stage IV (severe)'], ['N18.4', 'Chronic kidney disease, stage 4 (severe)'], ['stage 4', 'with a GFR around 20']],
    ],
  },
  {
    id: 'end-stage-renal-disease', chronic: true, rates: { any: 0.008, metabolic: 0.16 },
    surfaces: ['end-stage renal disease', 'ESRD', 'dialysis three times a week'],
    variants: [[1, ['585.6', 'End stage renal disease'], ['N18.6', 'End stage renal disease']]],
  },
  {
    id: 'acute-kidney-injury', rates: { any: 0.15 }, shared: 'ARF', mention: 0.3,
    surfaces: ['acute kidney injury', 'AKI', 'a rise in creatinine'],
    variants: [
      [0.85, ['584.9', 'Acute kidney failure, unspecified'], ['N17.9', 'Acute kidney failure, unspecified']],
      [0.15, ['584.5', 'Acute kidney failure with lesion of tubular necrosis'], ['N17.0', 'Acute kidney failure with tubular necrosis'], ['with muddy brown casts', 'from tubular necrosis']],
    ],
  },
  {
    id: 'hyperkalemia', rates: { any: 0.02, metabolic: 0.16 },
    surfaces: ['hyperkalemia', 'a high potassium'],
    variants: [[1, ['276.7', 'Hyperpotassemia'], ['E87.5', 'Hyperkalemia']]],
  },
  {
    id: 'hypokalemia', rates: { any: 0.06, digestive: 0.12 },
    surfaces: ['hypokalemia', 'a low potassium'],
    variants: [[1, ['276.8', 'Hypopotassemia'], ['E87.6', 'Hypokalemia']]],
  },
  {
    id: 'hyponatremia', rates: { any: 0.06, digestive: 0.11, oncology: 0.12, cardiac: 0.09 },
    surfaces: ['hyponatremia', 'a low sodium'],
    variants: [[1, ['276.1', 'Hyposmolality and/or hyponatremia'], ['E87.1', 'Hypo-osmolality and hyponatremia']]],
  },
  {
    id: 'hypernatremia', rates: { any: 0.015, mind: 0.06 },
    surfaces: ['hypernatremia', 'a high sodium'],
    variants: [[1, ['276.0', 'Hyperosmolality and/or hypernatremia'], ['E87.0', 'Hyperosmolality and hypernatremia']]],
  },
  {
    id: 'acidosis', rates: { any: 0.03, metabolic: 0.13, infection: 0.12 },
    surfaces: ['metabolic acidosis', 'a low bicarbonate'],
    variants: [[1, ['276.2', 'Acidosis'], ['E87.2', 'Acidosis']]],
  },
  {
    id: 'dehydration', rates: { any: 0.04, digestive: 0.1, metabolic: 0.07 },
    surfaces: ['dehydration', 'volume depletion'],
    variants: [[1, ['276.51', 'Dehydration'], ['E86.0', 'Dehydration']]],
  },
  {
    id: 'hypothyroidism', chronic: true, rates: { any: 0.09, metabolic: 0.2 },
    surfaces: ['hypothyroidism', 'an underactive thyroid'],
    variants: [[1, ['244.9', 'Unspecified acquired hypothyroidism'], ['E03.9', 'Hypothyroidism, unspecified']]],
  },
  {
    id: 'gout', chronic: true, rates: { any: 0.03, metabolic: 0.14 },
    surfaces: ['gout', 'podagra', 'urate arthritis'],
    variants: [[1, ['274.9', 'Gout, unspecified'], ['M10.9', 'Gout, unspecified']]],
  },
  {
    id: 'obesity', chronic: true, rates: { any: 0.06, metabolic: 0.22, respiratory: 0.1 },
    surfaces: ['obesity', 'excess body weight'],
    variants: [
      [0.65, ['278.00', 'Obesity, unspecified'], ['E66.9', 'Obesity, unspecified']],
      [0.35, ['278.01', 'Morbid obesity'], ['E66.01', 'Morbid (severe) obesity due to excess calories'], ['with a BMI of 44', 'severe, awaiting bariatric surgery']],
    ],
  },
  {
    id: 'anemia-of-kidney-disease', chronic: true, rates: { any: 0.006, metabolic: 0.18 },
    surfaces: ['anemia of kidney disease', 'renal anemia'],
    variants: [[1, ['285.21', 'Anemia in chronic kidney disease'], ['D63.1', 'Anemia in chronic kidney disease']]],
  },
  {
    id: 'secondary-hyperparathyroidism', chronic: true, rates: { any: 0.002, metabolic: 0.09 },
    surfaces: ['secondary hyperparathyroidism', 'a high parathyroid hormone from kidney disease'],
    variants: [[1, ['588.81', 'Secondary hyperparathyroidism (of renal origin)'], ['N25.81', 'Secondary hyperparathyroidism of renal origin']]],
  },
  {
    id: 'kidney-transplant', chronic: true, rates: { any: 0.002, metabolic: 0.05, infection: 0.02 },
    surfaces: ['a kidney transplant', 'a renal allograft'],
    variants: [[1, ['V42.0', 'Kidney replaced by transplant'], ['Z94.0', 'Kidney transplant status']]],
  },
  {
    id: 'kidney-stone', rates: { any: 0.008, metabolic: 0.05 },
    surfaces: ['a kidney stone', 'nephrolithiasis'],
    variants: [[1, ['592.0', 'Calculus of kidney'], ['N20.0', 'Calculus of kidney']]],
  },
  {
    id: 'malnutrition', rates: { any: 0.1 }, mention: 0.3,
    surfaces: ['malnutrition', 'poor nutritional state', 'weight loss with poor intake'],
    variants: [
      [0.7, ['263.9', 'Unspecified protein-calorie malnutrition'], ['E46', 'Unspecified protein-calorie malnutrition']],
      [0.3, ['261', 'Nutritional marasmus'], ['E43', 'Unspecified severe protein-calorie malnutrition'], ['severe, with muscle wasting', 'with temporal wasting']],
    ],
  },
];
