/**
 * Writes MEDS from the tables of MIMIC-IV, with the codes of MIMIC_IV_MEDS: what its program makes of the tables, and beside it what it leaves
 * out and other programs keep (the admission of a drug, the number of a diagnosis, notes).
 */
import fs from 'node:fs';
import path from 'node:path';
import { sqlString, withDuckDB } from '../../../src/records/store.js';

export interface MedsOptions {
  /** Without it, events say their visit by their time only. */
  visitColumn?: string;
  /** Extra SQL columns of every event, e.g. `null as numeric_value`. */
  columns?: string;
  /** `metadata/dataset.json`. */
  dataset?: object;
}

const csv = (raw: string, table: string): string => `read_csv(${sqlString(path.join(raw, `${table}.csv*`))}, header = true, all_varchar = true, nullstr = '', quote = '"', escape = '"', parallel = false)`;

const events = (raw: string): string => {
  const admissions = csv(raw, 'hosp/admissions');
  const coded = (table: string, prefix: string): string => `
    select c.subject_id, a.dischtime as time, '${prefix}//ICD//' || icd_version || '//' || icd_code as code, null as text_value, c.hadm_id, seq_num, null as route
    from ${csv(raw, `hosp/${table}`)} c join ${admissions} a using (hadm_id)`;
  return `
    select subject_id, null as time, 'GENDER//' || gender as code, null as text_value, null as hadm_id, null as seq_num, null as route from ${csv(raw, 'hosp/patients')}
    union all select subject_id, (anchor_year::integer - anchor_age::integer) || '-01-01', 'MEDS_BIRTH', null, null, null, null from ${csv(raw, 'hosp/patients')}
    union all select subject_id, min(deathtime), 'MEDS_DEATH', null, null, null, null from ${admissions} where deathtime is not null group by subject_id
    union all select subject_id, admittime, 'HOSPITAL_ADMISSION//' || admission_type || '//' || coalesce(admission_location, 'UNK'), null, hadm_id, null, null from ${admissions}
    union all select subject_id, dischtime, 'HOSPITAL_DISCHARGE//' || coalesce(discharge_location, 'UNK'), null, hadm_id, null, null from ${admissions}
    union all ${coded('diagnoses_icd', 'DIAGNOSIS')}
    union all ${coded('procedures_icd', 'PROCEDURE')}
    union all select subject_id, starttime, 'MEDICATION//START//' || coalesce(drug, 'UNK') || '//' || coalesce(nullif(ndc, '0'), 'UNK'), null, hadm_id, null, route from ${csv(raw, 'hosp/prescriptions')}
    union all select subject_id, stoptime, 'MEDICATION//STOP//' || coalesce(drug, 'UNK') || '//UNK', null, hadm_id, null, null from ${csv(raw, 'hosp/prescriptions')}
    union all select subject_id, charttime, 'NOTE//' || note_type, text, hadm_id, note_seq, null from ${csv(raw, 'note/discharge')}`;
};

const titles = (raw: string, table: string, prefix: string): string =>
  `select '${prefix}//ICD//' || icd_version || '//' || icd_code as code, long_title as description, null::varchar[] as parent_codes from ${csv(raw, `hosp/${table}`)}`;

/** Two shards by patient, sorted by time, and the metadata. */
export async function writeMeds(raw: string, dir: string, { visitColumn = 'hadm_id', columns, dataset = { dataset_name: 'synthetic', meds_version: '0.4.1' } }: MedsOptions = {}): Promise<string> {
  for (const folder of ['data/train', 'data/held_out', 'metadata']) fs.mkdirSync(path.join(dir, folder), { recursive: true });
  fs.writeFileSync(path.join(dir, 'metadata/dataset.json'), JSON.stringify(dataset));
  const to = (name: string): string => `to ${sqlString(path.join(dir, name))} (format parquet)`;
  await withDuckDB({}, async (connection) => {
    await connection.run(`create table events as
      select subject_id::bigint as subject_id, time::timestamp as time, code, null::float as numeric_value, text_value,
        ${visitColumn ? `hadm_id::bigint as ${visitColumn}, seq_num::bigint as seq_num,` : ''} ${columns ? `${columns},` : ''} route from (${events(raw)})`);
    for (const [shard, rest] of [['train/0', 0], ['held_out/0', 1]] as const) {
      await connection.run(`copy (select * from events where subject_id % 2 = ${rest} order by subject_id, time nulls first, code) ${to(`data/${shard}.parquet`)}`);
    }
    await connection.run(`copy (select distinct subject_id, case subject_id % 2 when 0 then 'train' else 'held_out' end as split from events order by subject_id) ${to('metadata/subject_splits.parquet')}`);
    await connection.run(`copy (${titles(raw, 'd_icd_diagnoses', 'DIAGNOSIS')} union all ${titles(raw, 'd_icd_procedures', 'PROCEDURE')}) ${to('metadata/codes.parquet')}`);
  });
  return dir;
}
