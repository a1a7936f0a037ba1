/** MIMIC-IV: modules hosp and, where there is access, note; ICD-9 and ICD-10 side by side. */
import { admissionsTable, codesTable, column, dictionaryTable, patientsTable, prescriptionsTable, type MimicEdition } from './edition.js';

export const mimic4Edition: MimicEdition = {
  title: 'MIMIC-IV',
  modules: ['hosp', 'core', 'note'], // v1.0 had admissions and patients in core
  tables: {
    admissions: admissionsTable,
    patients: patientsTable({ anchor_age: column('anchor_age', 'INTEGER'), anchor_year: column('anchor_year', 'INTEGER') }),
    diagnoses: codesTable('diagnoses_icd', 'icd_code', true),
    procedures: codesTable('procedures_icd', 'icd_code', false),
    prescriptions: prescriptionsTable('starttime'),
    dx_titles: dictionaryTable('d_icd_diagnoses', 'icd_code'),
    px_titles: dictionaryTable('d_icd_procedures', 'icd_code'),
  },
  notes: {
    name: 'discharge',
    columns: ['hadm_id', 'note_type', 'note_seq', 'charttime', 'text'],
    isDischargeSummary: (value) => value('note_type')?.trim() === 'DS', // AD is an addendum
    text: 'text',
    visitId: 'hadm_id',
    strays: 'rejected',
    chartedAt: ['charttime'],
    sequence: 'note_seq',
  },
  // The patient was anchor_age in anchor_year; years are shifted, differences are true.
  ageSql: 'p.anchor_age + year(a.admittime) - p.anchor_year',
};
