/** What differs between MIMIC-III and MIMIC-IV; everything else in this folder serves both. */
import type { ColumnSpec, ColumnSpecs } from '../csv/load.js';
import type { NotesSpec } from '../notes.js';

/** The working names of the structured tables; they have the same columns in both editions. */
export type MimicTable = 'admissions' | 'patients' | 'diagnoses' | 'procedures' | 'prescriptions' | 'dx_titles' | 'px_titles';

export interface TableSpec {
  /** The file's name without ending, lower case. */
  name: string;
  required: boolean;
  columns: ColumnSpecs;
}

export interface MimicEdition {
  /** The name shown to readers, e.g. `MIMIC-IV`. */
  title: string;
  /** Folders below the raw directory in which tables may lie. */
  modules: readonly string[];
  tables: Record<MimicTable, TableSpec>;
  notes: NotesSpec;
  /** Age in completed years at admission as SQL over `a` (admissions) and `p` (patients), before the cap. */
  ageSql: string;
}

/** Over this age both editions hide the true one; such patients get 90. */
export const highestKnownAge = 89;

export const column = (from: string, type: ColumnSpec['type']): ColumnSpec => ({ from, type });
const optional = (from: string, type: ColumnSpec['type']): ColumnSpec => ({ from, type, optional: true });

export const admissionsTable: TableSpec = {
  name: 'admissions',
  required: true,
  columns: {
    subject_id: column('subject_id', 'BIGINT'),
    hadm_id: column('hadm_id', 'BIGINT'),
    admittime: column('admittime', 'TIMESTAMP'),
    dischtime: column('dischtime', 'TIMESTAMP'),
    deathtime: optional('deathtime', 'TIMESTAMP'),
    hospital_expire_flag: optional('hospital_expire_flag', 'INTEGER'),
    admission_type: optional('admission_type', 'VARCHAR'),
    discharge_location: optional('discharge_location', 'VARCHAR'),
  },
};

/** @param age the columns from which the edition's `ageSql` computes the age */
export const patientsTable = (age: ColumnSpecs): TableSpec => ({
  name: 'patients',
  required: true,
  columns: { subject_id: column('subject_id', 'BIGINT'), sex: optional('gender', 'VARCHAR'), ...age },
});

/** How a table states codes: MIMIC-III in `icd9_code`; MIMIC-IV in `icd_code`, of the version in `icd_version`. */
const codeColumns = (codeColumn: string): ColumnSpecs => ({
  code: column(codeColumn, 'VARCHAR'),
  ...(codeColumn === 'icd_code' && { icd_version: column('icd_version', 'INTEGER') }),
});

export const codesTable = (name: string, codeColumn: 'icd9_code' | 'icd_code', required: boolean): TableSpec => ({
  name,
  required,
  columns: { hadm_id: column('hadm_id', 'BIGINT'), seq_num: column('seq_num', 'INTEGER'), ...codeColumns(codeColumn) },
});

export const dictionaryTable = (name: string, codeColumn: 'icd9_code' | 'icd_code'): TableSpec => ({
  name,
  required: false,
  columns: { ...codeColumns(codeColumn), long_title: column('long_title', 'VARCHAR'), short_title: optional('short_title', 'VARCHAR') },
});

/** @param start the column with the time of the first dose */
export const prescriptionsTable = (start: string): TableSpec => ({
  name: 'prescriptions',
  required: false,
  columns: {
    hadm_id: column('hadm_id', 'BIGINT'),
    drug: column('drug', 'VARCHAR'),
    ndc: optional('ndc', 'VARCHAR'),
    route: optional('route', 'VARCHAR'),
    start_at: optional(start, 'TIMESTAMP'),
  },
});

/** Whether each row of a table names its ICD version. */
export const isVersioned = ({ columns }: TableSpec): boolean => 'icd_version' in columns;
