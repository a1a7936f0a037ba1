/** Procedures with their ICD-9 and ICD-10-PCS codes, each done for one disease. */
import type { TitledCode } from './types.js';

/** `[disease id, P(done | active), ICD-9 procedure, ICD-10-PCS]`. */
export type ProcedureEntry = readonly [disease: string, rate: number, icd9: TitledCode, icd10: TitledCode];

export const PROCEDURES: readonly ProcedureEntry[] = [
  ['nstemi', 0.6, ['37.22', 'Left heart cardiac catheterization'], ['4A023N7', 'Measurement of Cardiac Sampling and Pressure, Left Heart, Percutaneous Approach']],
  ['stemi', 0.8, ['36.07', 'Insertion of drug-eluting coronary artery stent(s)'], ['027034Z', 'Dilation of Coronary Artery, One Artery with Drug-eluting Intraluminal Device, Percutaneous Approach']],
  ['acute-respiratory-failure', 0.5, ['96.71', 'Continuous invasive mechanical ventilation for less than 96 consecutive hours'], ['5A1945Z', 'Respiratory Ventilation, 24-96 Consecutive Hours']],
  ['pleural-effusion', 0.4, ['34.91', 'Thoracentesis'], ['0W993ZZ', 'Drainage of Right Pleural Cavity, Percutaneous Approach']],
  ['end-stage-renal-disease', 0.8, ['39.95', 'Hemodialysis'], ['5A1D70Z', 'Performance of Urinary Filtration, Intermittent, Less than 6 Hours Per Day']],
  ['ascites', 0.5, ['54.91', 'Percutaneous abdominal drainage'], ['0W9G3ZZ', 'Drainage of Peritoneal Cavity, Percutaneous Approach']],
  ['gi-hemorrhage', 0.5, ['45.13', 'Other endoscopy of small intestine'], ['0DJ08ZZ', 'Inspection of Upper Intestinal Tract, Via Natural or Artificial Opening Endoscopic']],
  ['diverticular-bleeding', 0.6, ['45.23', 'Colonoscopy'], ['0DJD8ZZ', 'Inspection of Lower Intestinal Tract, Via Natural or Artificial Opening Endoscopic']],
  ['septic-shock', 0.7, ['38.93', 'Venous catheterization, not elsewhere classified'], ['02HV33Z', 'Insertion of Infusion Device into Superior Vena Cava, Percutaneous Approach']],
  ['blood-loss-anemia', 0.5, ['99.04', 'Transfusion of packed cells'], ['30233N1', 'Transfusion of Nonautologous Red Blood Cells into Peripheral Vein, Percutaneous Approach']],
  ['hip-fracture', 0.6, ['79.35', 'Open reduction of fracture with internal fixation, femur'], ['0QS604Z', 'Reposition Right Upper Femur with Internal Fixation Device, Open Approach']],
  ['knee-arthrosis', 0.3, ['81.54', 'Total knee replacement'], ['0SRC0JZ', 'Replacement of Right Knee Joint with Synthetic Substitute, Open Approach']],
];
