/** The cohort flow: how many visits and patients are left when each modality in turn is asked for. */
import type { FlowStep } from './coverage.js';
import { queryRows, type DuckDBConnection } from './duckdb.js';

export interface FlowCondition {
  step: string;
  /** SQL over `v`, a row of `visits`. */
  where: string;
}

export interface FlowSpec {
  /** What a visit of the source is called. */
  first: string;
  conditions: readonly FlowCondition[];
}

const hasCode = (kind: string): string => `exists (select 1 from codes c where c.visit_id = v.visit_id and c.kind = '${kind}')`;

export const withDiagnosis: FlowCondition = { step: 'with a diagnosis', where: hasCode('dx') };
export const withMedication: FlowCondition = { step: 'with a mapped medication', where: hasCode('rx') };
export const withNote: FlowCondition = { step: 'with a note', where: 'exists (select 1 from notes n where n.visit_id = v.visit_id)' };
const withSeveralVisits = 'of patients with two or more such visits';

/** Each step includes all conditions above it; the last one keeps patients who still have two or more visits. */
export async function cohortFlow(connection: DuckDBConnection, { first, conditions }: FlowSpec): Promise<FlowStep[]> {
  const steps: FlowStep[] = [];
  for (let used = 0; used <= conditions.length; used++) {
    const where = conditions.slice(0, used).map((condition) => condition.where).join(' and ') || 'true';
    const [counts] = await queryRows<Omit<FlowStep, 'step'>>(connection, `
      select count(*) as visits, count(distinct patient_id) as patients from visits v where ${where}`);
    steps.push({ step: used ? conditions[used - 1]!.step : first, ...counts! });
  }
  const all = conditions.map((condition) => condition.where).join(' and ') || 'true';
  const [several] = await queryRows<Omit<FlowStep, 'step'>>(connection, `
    select coalesce(sum(n), 0)::bigint as visits, count(*) as patients
    from (select count(*) as n from visits v where ${all} group by patient_id having n > 1)`);
  return [...steps, { step: withSeveralVisits, ...several! }];
}
