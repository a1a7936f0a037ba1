/** Diagnoses and procedures as raw codes: the ICD version of each row names the code system. */
import { sqlString } from '../duckdb.js';

const kinds = {
  diagnoses: { kind: 'dx', icd9: 'icd9cm', icd10: 'icd10cm' },
  procedures: { kind: 'px', icd9: 'icd9proc', icd10: 'icd10pcs' },
} as const;

/** The ICD version stands in a column (MIMIC-IV), or is always 9 (MIMIC-III, where the column is absent and hence NULL). */
export const systemSql = (kind: 'diagnoses' | 'procedures', versioned: boolean): string =>
  versioned ? `case icd_version when 9 then '${kinds[kind].icd9}' when 10 then '${kinds[kind].icd10}' end` : `'${kinds[kind].icd9}'`;

export const rawCodesSql = (table: 'diagnoses' | 'procedures', file: string, versioned: boolean): string => `
  insert into raw_codes
  select ${sqlString(file)}, line, hadm_id::varchar, '${kinds[table].kind}', ${systemSql(table, versioned)}, nullif(trim(code), ''), seq_num
  from ${table}`;
