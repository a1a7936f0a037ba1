/** MIMIC-III: ICD-9 only, notes in NOTEEVENTS; the full set's headers are upper case, the demo's lower case. */
import { admissionsTable, codesTable, column, dictionaryTable, patientsTable, prescriptionsTable, type MimicEdition } from './edition.js';

export const mimic3Edition: MimicEdition = {
  title: 'MIMIC-III',
  modules: [],
  tables: {
    admissions: admissionsTable,
    patients: patientsTable({ dob: column('dob', 'TIMESTAMP') }),
    diagnoses: codesTable('diagnoses_icd', 'icd9_code', true),
    procedures: codesTable('procedures_icd', 'icd9_code', false),
    prescriptions: prescriptionsTable('startdate'),
    dx_titles: dictionaryTable('d_icd_diagnoses', 'icd9_code'),
    px_titles: dictionaryTable('d_icd_procedures', 'icd9_code'),
  },
  notes: {
    name: 'noteevents',
    columns: ['row_id', 'hadm_id', 'chartdate', 'category', 'description', 'text'],
    // `iserror` is 1 where a physician marked the note as an error; discharge summaries have a date and no time.
    isDischargeSummary: (value) =>
      value('category')?.trim() === 'Discharge summary' && value('description')?.trim() === 'Report' && value('iserror') !== '1',
    text: 'text',
    visitId: 'hadm_id',
    strays: 'rejected',
    chartedAt: ['charttime', 'chartdate'],
    sequence: 'row_id',
  },
  // Completed years, not a difference of calendar years.
  ageSql: "date_sub('year', p.dob, a.admittime)",
};
