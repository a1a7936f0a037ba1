/**
 * Visits. Rules: one visit an admission; age in completed years at admission, 90 for everybody over 89 (hidden in both editions);
 * died in hospital by `hospital_expire_flag`, by a time of death where the flag is missing. Times are kept as they are, also where
 * discharge precedes admission or death follows discharge (counted as quirks: later stages decide what to do with them).
 */
import type { Ingest } from '../staging.js';
import { queryRows } from '../duckdb.js';
import { highestKnownAge, type MimicEdition } from './edition.js';

const ranked = (table: string, key: string): string => `(select *, row_number() over (partition by ${key} order by line) as copy from ${table})`;

export const rejectAdmissionsSql = (file: string): string => `
  insert into rejects
  select ${file}, line, case when hadm_id is null then 'no hadm_id' when subject_id is null then 'no subject_id' else 'repeated hadm_id' end
  from ${ranked('admissions', 'hadm_id')} where hadm_id is null or subject_id is null or copy > 1 order by line`;

export const rejectPatientsSql = (file: string): string => `
  insert into rejects
  select ${file}, line, case when subject_id is null then 'no subject_id' else 'repeated subject_id' end
  from ${ranked('patients', 'subject_id')} where subject_id is null or copy > 1 order by line`;

export const visitsSql = ({ ageSql }: MimicEdition): string => `
  insert into visits
  select hadm_id::varchar, a.subject_id::varchar, admittime, dischtime,
    case when hospital_expire_flag is not null then hospital_expire_flag = 1 else deathtime is not null end,
    admission_type, discharge_location,
    case when age > ${highestKnownAge} then ${highestKnownAge + 1} when age < 0 then null else age end, sex, null
  from (
    select a.*, p.sex, (${ageSql})::integer as age
    from ${ranked('admissions', 'hadm_id')} a
      left join (select * from ${ranked('patients', 'subject_id')} where copy = 1) p on p.subject_id = a.subject_id
    where a.hadm_id is not null and a.subject_id is not null and a.copy = 1) a`;

/** Counts the oddities of the admissions that were kept. */
export async function countVisitQuirks({ connection, coverage }: Ingest): Promise<void> {
  const [quirks] = await queryRows<Record<string, number>>(connection, `
    select count(*) filter (dischtime < admittime) as discharge_before_admission,
      count(*) filter (deathtime > dischtime) as death_after_discharge,
      count(*) filter (deathtime < admittime) as death_before_admission,
      count(*) filter (not exists (select 1 from patients p where p.subject_id = a.subject_id)) as admissions_without_patient
    from admissions a`);
  for (const [name, count] of Object.entries(quirks ?? {})) if (count) coverage.quirks[name] = count;
}
