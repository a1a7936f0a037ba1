/** Which visits of a store take part: the rules of `prepare.cohort`, applied one after the other and counted. */
import { queryRows, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import type { PrepareConfig } from './config.js';

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

/** Creates the temporary table `visit` of the cohort. @returns visits and patients left after each step */
export async function selectCohort(connection: DuckDBConnection, store: Store, config: PrepareConfig['cohort']): Promise<FlowStep[]> {
  await connection.run(`create temp table visit as
    select v.visit_id, v.patient_id, v.admitted_at, v.discharged_at, v.died_in_hospital, v.admission_type, v.source_split,
      n.visit_id is not null as has_text, coalesce(c.dx, 0) as dx, coalesce(c.rx, 0) as rx, coalesce(c.px, 0) as px
    from read_parquet(${sqlString(store.files.visits)}) v
    left join (select visit_id from read_parquet(${sqlString(store.files.notes)}) where regexp_matches(text, '\\S')) n using (visit_id)
    left join (
      select visit_id, count(*) filter (kind = 'dx') as dx, count(*) filter (kind = 'rx') as rx, count(*) filter (kind = 'px') as px
      from read_parquet(${sqlString(store.files.codes)}) group by visit_id
    ) c using (visit_id)`);
  const steps = [await count(connection, 'in the store')];
  for (const { step, keep } of cohortRules(config)) {
    await connection.run(`delete from visit where not (${keep})`);
    steps.push(await count(connection, step));
  }
  return steps;
}
