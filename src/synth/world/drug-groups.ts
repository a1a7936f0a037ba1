/** Which diseases cause which drugs, and which fact of the text changes the choice. */
import type { DrugName } from './drugs.js';
import type { FactId } from './facts.js';

/** `[disease id, P(prescribed because of it | active)]`. */
type Cause = readonly [disease: string, strength: number];

export interface DrugGroupEntry {
  id: string;
  causes?: readonly Cause[];
  leak?: number;
  /** Drugs of equal weight. */
  usual: readonly DrugName[];
  unless?: readonly [fact: FactId, instead: readonly DrugName[]];
}

export const DRUG_GROUPS: readonly DrugGroupEntry[] = [
  // Given to anybody.
  { id: 'analgesic', leak: 0.55, usual: ['acetaminophen'] },
  { id: 'stool softener', leak: 0.42, usual: ['docusate'] },
  { id: 'sleep', leak: 0.1, usual: ['melatonin'] },
  { id: 'vaccine', leak: 0.07, usual: ['influenzaVaccine'] },
  // Heart and vessels.
  { id: 'beta blocker', causes: [['coronary-disease', 0.55], ['atrial-fibrillation', 0.6], ['heart-failure', 0.4]], usual: ['metoprolol', 'carvedilol'] },
  { id: 'renin-angiotensin', causes: [['hypertension', 0.45], ['heart-failure', 0.45]], usual: ['lisinopril'], unless: ['ace-inhibitor-cough', ['losartan', 'valsartan']] },
  { id: 'calcium blocker', causes: [['hypertension', 0.3]], usual: ['amlodipine'] },
  { id: 'loop diuretic', causes: [['heart-failure', 0.8], ['pulmonary-hypertension', 0.5]], usual: ['torsemide'], unless: ['cannot-swallow', ['furosemide']] },
  { id: 'antiarrhythmic', causes: [['ventricular-tachycardia', 0.7], ['atrial-flutter', 0.4]], usual: ['amiodarone'] },
  { id: 'lipid lowering', causes: [['hyperlipidemia', 0.7], ['peripheral-vascular-disease', 0.5]], leak: 0.02, usual: ['atorvastatin', 'simvastatin'], unless: ['statin-intolerance', ['ezetimibe']] },
  { id: 'aspirin', causes: [['nstemi', 0.9], ['stemi', 0.9], ['old-infarction', 0.7], ['carotid-stenosis', 0.5]], leak: 0.05, usual: ['aspirin'] },
  { id: 'stroke prevention', causes: [['ischemic-stroke', 0.7], ['transient-ischemic-attack', 0.7]], usual: ['clopidogrel'] },
  { id: 'acute anticoagulant', causes: [['deep-vein-thrombosis', 0.8], ['pulmonary-embolism', 0.9]], usual: ['enoxaparin'], unless: ['low-clearance', ['heparin']] },
  { id: 'chronic anticoagulant', causes: [['long-term-anticoagulant', 0.9]], usual: ['warfarin'] },
  { id: 'pressure support', causes: [['hypotension', 0.4]], usual: ['midodrine'] },
  { id: 'vasopressor', causes: [['septic-shock', 0.9]], usual: ['norepinephrine'] },
  // Lungs.
  { id: 'bronchodilator', causes: [['copd', 0.8], ['asthma', 0.8]], leak: 0.03, usual: ['albuterol'] },
  { id: 'long-acting bronchodilator', causes: [['copd', 0.55]], usual: ['tiotropium'] },
  { id: 'inhaled steroid', causes: [['asthma', 0.6]], usual: ['fluticasone'] },
  { id: 'systemic steroid', causes: [['copd', 0.35], ['asthma', 0.3], ['interstitial-lung-disease', 0.5]], usual: ['prednisone'], unless: ['cannot-swallow', ['methylprednisolone']] },
  { id: 'nicotine replacement', causes: [['tobacco-use', 0.5]], usual: ['nicotine'] },
  { id: 'antiviral for influenza', causes: [['influenza', 0.85]], usual: ['oseltamivir'] },
  // Infections.
  { id: 'pneumonia beta-lactam', causes: [['pneumonia', 0.85]], usual: ['ceftriaxone'], unless: ['penicillin-allergy', ['levofloxacin']] },
  { id: 'pneumonia atypical', causes: [['pneumonia', 0.6]], usual: ['azithromycin'], unless: ['long-qt', ['doxycycline']] },
  { id: 'aspiration', causes: [['aspiration-pneumonia', 0.85]], usual: ['ampicillinSulbactam'], unless: ['penicillin-allergy', ['clindamycin']] },
  { id: 'broad gram-negative', causes: [['sepsis', 0.75], ['septic-shock', 0.6]], leak: 0.02, usual: ['piperacillinTazobactam'], unless: ['penicillin-allergy', ['aztreonam']] },
  { id: 'gram-positive', causes: [['sepsis', 0.6], ['bacteremia', 0.8], ['endocarditis', 0.9], ['osteomyelitis', 0.7]], leak: 0.02, usual: ['vancomycin'] },
  { id: 'urinary', causes: [['urinary-tract-infection', 0.8]], usual: ['nitrofurantoin'], unless: ['low-clearance', ['ciprofloxacin']] },
  { id: 'skin', causes: [['cellulitis', 0.8]], usual: ['cefazolin'], unless: ['penicillin-allergy', ['trimethoprim']] },
  { id: 'c. difficile', causes: [['c-difficile', 0.85]], usual: ['vancomycinOral'] },
  { id: 'antiretroviral', causes: [['hiv', 0.85]], usual: ['truvada', 'dolutegravir'] },
  { id: 'antifungal', causes: [['thrush', 0.85]], usual: ['fluconazole'], unless: ['long-qt', ['nystatin']] },
  { id: 'zoster', causes: [['shingles', 0.9]], usual: ['valacyclovir'], unless: ['cannot-swallow', ['acyclovir']] },
  { id: 'wound', causes: [['pressure-ulcer', 0.5]], usual: ['collagenase'] },
  // Metabolism and kidney.
  { id: 'insulin', causes: [['type-2-diabetes', 0.6], ['type-1-diabetes', 0.95]], leak: 0.03, usual: ['insulin', 'glargine'] },
  { id: 'oral antidiabetic', causes: [['type-2-diabetes', 0.5]], usual: ['metformin'], unless: ['low-clearance', ['linagliptin']] },
  { id: 'thyroid', causes: [['hypothyroidism', 0.9]], usual: ['levothyroxine'] },
  { id: 'urate', causes: [['gout', 0.75]], usual: ['allopurinol'], unless: ['low-clearance', ['febuxostat']] },
  { id: 'phosphate binder', causes: [['end-stage-renal-disease', 0.7], ['secondary-hyperparathyroidism', 0.6]], usual: ['sevelamer'] },
  { id: 'erythropoietin', causes: [['anemia-of-kidney-disease', 0.7], ['end-stage-renal-disease', 0.4]], usual: ['epoetin'] },
  { id: 'potassium binder', causes: [['hyperkalemia', 0.7]], usual: ['polystyrene'] },
  { id: 'potassium', causes: [['hypokalemia', 0.9]], leak: 0.06, usual: ['potassium'] },
  { id: 'vaptan', causes: [['hyponatremia', 0.25]], usual: ['tolvaptan'] },
  { id: 'transplant', causes: [['kidney-transplant', 0.95]], usual: ['tacrolimus', 'mycophenolate'] },
  { id: 'stone passage', causes: [['kidney-stone', 0.7]], usual: ['tamsulosin'] },
  { id: 'appetite', causes: [['malnutrition', 0.35]], usual: ['megestrol'] },
  // Gut and liver.
  { id: 'acid suppression', causes: [['reflux', 0.7], ['bleeding-gastric-ulcer', 0.95], ['gi-hemorrhage', 0.6]], leak: 0.05, usual: ['omeprazole'], unless: ['cannot-swallow', ['pantoprazole']] },
  { id: 'ammonia', causes: [['hepatic-encephalopathy', 0.95]], usual: ['lactulose', 'rifaximin'] },
  { id: 'aldosterone antagonist', causes: [['ascites', 0.7], ['cirrhosis', 0.3]], usual: ['spironolactone'] },
  { id: 'portal hypertension', causes: [['esophageal-varices', 0.6]], usual: ['nadolol'] },
  { id: 'bowel inflammation', causes: [['ulcerative-colitis', 0.75], ['crohns-disease', 0.45]], usual: ['mesalamine'] },
  { id: 'laxative', causes: [['constipation', 0.85]], leak: 0.1, usual: ['polyethyleneGlycol', 'bisacodyl', 'senna'] },
  { id: 'antiemetic', causes: [['nausea-vomiting', 0.8]], leak: 0.15, usual: ['ondansetron'], unless: ['long-qt', ['scopolamine']] },
  // Mind and nerves.
  { id: 'antidepressant', causes: [['depression', 0.6], ['anxiety', 0.4], ['panic-disorder', 0.6]], usual: ['citalopram'], unless: ['long-qt', ['sertraline']] },
  { id: 'benzodiazepine', causes: [['alcohol-dependence', 0.6]], leak: 0.05, usual: ['lorazepam'] },
  { id: 'vitamins for alcohol', causes: [['alcohol-dependence', 0.75]], usual: ['thiamine', 'folicAcid'] },
  { id: 'dopamine', causes: [['parkinsons-disease', 0.95]], usual: ['levodopa'] },
  { id: 'memory', causes: [['alzheimers-disease', 0.7], ['dementia', 0.4]], usual: ['donepezil', 'memantine'] },
  { id: 'antiepileptic', causes: [['epilepsy', 0.85], ['brain-metastasis', 0.4]], usual: ['levetiracetam'] },
  { id: 'mood stabiliser', causes: [['bipolar-disorder', 0.8]], usual: ['lithium'], unless: ['low-clearance', ['divalproex']] },
  { id: 'antipsychotic', causes: [['schizophrenia', 0.9]], usual: ['risperidone', 'aripiprazole'] },
  { id: 'delirium', causes: [['delirium', 0.6]], usual: ['haloperidol'], unless: ['long-qt', ['quetiapine']] },
  { id: 'opioid substitution', causes: [['opioid-dependence', 0.8]], usual: ['methadone'], unless: ['long-qt', ['buprenorphine']] },
  { id: 'antispastic', causes: [['multiple-sclerosis', 0.7]], usual: ['baclofen'] },
  { id: 'migraine', causes: [['migraine', 0.5]], usual: ['sumatriptan'] },
  { id: 'sedating antidepressant', causes: [['insomnia', 0.6]], usual: ['trazodone'] },
  // Cancer and pain.
  { id: 'platinum', causes: [['lung-cancer', 0.4]], usual: ['carboplatin'] },
  { id: 'fluoropyrimidine', causes: [['colon-cancer', 0.4]], usual: ['capecitabine'] },
  { id: 'gemcitabine', causes: [['pancreatic-cancer', 0.4]], usual: ['gemcitabine'] },
  { id: 'alkylator', causes: [['lymphoma', 0.4]], usual: ['cyclophosphamide'] },
  { id: 'proteasome', causes: [['multiple-myeloma', 0.5]], usual: ['bortezomib'] },
  { id: 'induction', causes: [['acute-leukemia', 0.6]], usual: ['cytarabine'] },
  { id: 'bone protection', causes: [['bone-metastasis', 0.6]], usual: ['zoledronicAcid'], unless: ['low-clearance', ['denosumab']] },
  { id: 'brain edema', causes: [['brain-metastasis', 0.8]], usual: ['dexamethasone'] },
  { id: 'growth factor', causes: [['neutropenia', 0.6]], usual: ['filgrastim'] },
  { id: 'neutropenic fever', causes: [['neutropenia', 0.6]], usual: ['cefepime'], unless: ['penicillin-allergy', ['meropenem']] },
  { id: 'strong opioid', causes: [['cancer-pain', 0.9], ['bone-metastasis', 0.5]], usual: ['morphine'], unless: ['low-clearance', ['hydromorphone']] },
  { id: 'moderate opioid', causes: [['hip-fracture', 0.85], ['knee-arthrosis', 0.4], ['vertebral-fracture', 0.6]], leak: 0.04, usual: ['oxycodone'], unless: ['cannot-swallow', ['fentanylPatch']] },
  { id: 'nerve pain', causes: [['lumbar-stenosis', 0.6], ['low-back-pain', 0.35]], leak: 0.02, usual: ['gabapentin'] },
  { id: 'bone density', causes: [['osteoporosis', 0.55]], usual: ['alendronate'], unless: ['cannot-swallow', ['calcitonin']] },
  { id: 'antirheumatic', causes: [['rheumatoid-arthritis', 0.6]], usual: ['hydroxychloroquine'] },
  { id: 'anti-TNF', causes: [['ankylosing-spondylitis', 0.7], ['rheumatoid-arthritis', 0.25]], usual: ['etanercept'] },
  { id: 'iron', causes: [['iron-deficiency', 0.75], ['blood-loss-anemia', 0.4]], usual: ['ferrousSulfate'] },
];
