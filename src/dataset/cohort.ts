/** Which visits of a store take part: the rules of `prepare.cohort`, applied one after the other and counted. */
import { queryRows, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import type { PrepareConfig } from './config.js';
import { createKeptCodes, leaveOutRareCodes } from './kept-codes.js';

export interface FlowStep {
  step: string;
  visits: number;
  patients: number;
}

interface Rule {
  step: string;
  /** Visits for which this SQL condition holds stay. */
  keep: string;
}

/** What each requirement means for a row of the table `visit`. */
const presence = {
  text: 'has_text',
  codes: 'dx + rx + px > 0',
  icd: 'dx + px > 0',
  dx: 'dx > 0',
  rx: 'rx > 0',
  px: 'px > 0',
} as const;

function cohortRules({ require, min_visits, drop_newborns }: PrepareConfig['cohort']): Rule[] {
  const rules: Rule[] = [{ step: 'with text or codes', keep: 'has_text or dx + rx + px > 0' }];
  if (drop_newborns) rules.push({ step: 'not a newborn admission', keep: `upper(coalesce(admission_type, '')) <> 'NEWBORN'` });
  for (const modality of require) rules.push({ step: `with ${modality}`, keep: presence[modality] });
  // Last, so that it counts the visits that the other rules leave.
  if (min_visits > 1) {
    const enough = `select patient_id from visit group by patient_id having count(*) >= ${min_visits}`;
    rules.push({ step: `patients with ${min_visits} or more such visits`, keep: `patient_id in (${enough})` });
  }
  return rules;
}

async function count(connection: DuckDBConnection, step: string): Promise<FlowStep> {
  const [row] = await queryRows<{ visits: number; patients: number }>(connection, 'select count(*) visits, count(distinct patient_id) patients from visit');
  return { step, ...row! };
}

/**
 * The store's visits with the patient's next admission, before any rule leaves visits out: a readmission counts whether or not the second stay
 * is in the cohort. Visits without an admission time have no next one and are nobody's next one.
 */
const withNextAdmission = (store: Store): string => `
  select *, lead(admitted_at) over next as next_admitted_at, case when admitted_at is not null then lead(admission_type) over next end as next_admission_type
  from read_parquet(${sqlString(store.files.visits)})
  window next as (partition by patient_id, admitted_at is null order by admitted_at, visit_id)`;

/** The SQL condition that a note was charted early enough. */
const inTime = ({ charted_within_days }: PrepareConfig['text']): string =>
  charted_within_days === undefined ? 'true' : `coalesce(n.charted_at <= v.discharged_at + to_seconds(${charted_within_days * 86_400}), true)`;

/** Visit → its numbers of codes. */
const codeCounts = `
  select visit_id, count(*) filter (kind = 'dx') as dx, count(*) filter (kind = 'rx') as rx, count(*) filter (kind = 'px') as px from kept_code group by visit_id`;

async function applyRules(connection: DuckDBConnection, rules: readonly Rule[]): Promise<FlowStep[]> {
  const steps: FlowStep[] = [];
  for (const { step, keep } of rules) {
    await connection.run(`delete from visit where not (${keep})`);
    steps.push(await count(connection, step));
  }
  return steps;
}

/** Leaves out codes that few visits of the cohort carry, then the visits that no longer meet the rules. */
async function applyWithoutRareCodes(connection: DuckDBConnection, rules: readonly Rule[], { keep }: PrepareConfig['codes']): Promise<FlowStep[]> {
  const left = await leaveOutRareCodes(connection, keep);
  await connection.run(`
    create temp table recounted as select visit_id, coalesce(c.dx, 0) as dx, coalesce(c.rx, 0) as rx, coalesce(c.px, 0) as px from visit left join (${codeCounts}) c using (visit_id);
    update visit set dx = recounted.dx, rx = recounted.rx, px = recounted.px from recounted where recounted.visit_id = visit.visit_id;
    drop table recounted`);
  await applyRules(connection, rules);
  return [await count(connection, `the same without the ${left} codes that fewer than ${keep.min_visits} of these visits have`)];
}

/** Creates the temporary view `kept_code` and the temporary table `visit` of the cohort. @returns visits and patients left after each step */
export async function selectCohort(connection: DuckDBConnection, store: Store, config: Pick<PrepareConfig, 'cohort' | 'text' | 'codes'>): Promise<FlowStep[]> {
  await createKeptCodes(connection, store, config.codes.keep);
  await connection.run(`create temp table visit as
    select v.visit_id, v.patient_id, v.admitted_at, v.discharged_at, v.died_in_hospital, v.admission_type, v.source_split, v.next_admitted_at, v.next_admission_type,
      n.visit_id is not null as has_text, n.charted_at as note_charted_at, coalesce(c.dx, 0) as dx, coalesce(c.rx, 0) as rx, coalesce(c.px, 0) as px
    from (${withNextAdmission(store)}) v
    left join (select visit_id, charted_at from read_parquet(${sqlString(store.files.notes)}) where regexp_matches(text, '\\S')) n
      on n.visit_id = v.visit_id and ${inTime(config.text)}
    left join (${codeCounts}) c on c.visit_id = v.visit_id`);
  const rules = cohortRules(config.cohort);
  const steps = [await count(connection, 'in the store'), ...await applyRules(connection, rules)];
  return config.codes.keep.min_visits > 1 ? [...steps, ...await applyWithoutRareCodes(connection, rules, config.codes)] : steps;
}
