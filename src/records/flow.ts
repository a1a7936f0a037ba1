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

const countVisits = async (connection: DuckDBConnection, conditions: readonly FlowCondition[]): Promise<Omit<FlowStep, 'step'>> => {
  const [counts] = await queryRows<Omit<FlowStep, 'step'>>(connection, `
    select count(*) as visits, count(distinct patient_id) as patients from visits v where ${all(conditions)}`);
  return counts!;
};

const all = (conditions: readonly FlowCondition[]): string => ['true', ...conditions.map(({ where }) => where)].join(' and ');

/**
 * Each step includes all conditions above it; the last one keeps patients who still have two or more visits. A modality that no
 * visit has (MIMIC-IV without its note module) is left out: it would end the flow at zero and say nothing.
 */
export async function cohortFlow(connection: DuckDBConnection, { first, conditions }: FlowSpec): Promise<FlowStep[]> {
  const steps: FlowStep[] = [{ step: first, ...await countVisits(connection, []) }];
  const met: FlowCondition[] = [];
  for (const condition of conditions) {
    if ((await countVisits(connection, [condition])).visits === 0) continue;
    met.push(condition);
    steps.push({ step: condition.step, ...await countVisits(connection, met) });
  }
  const [several] = await queryRows<Omit<FlowStep, 'step'>>(connection, `
    select coalesce(sum(n), 0)::bigint as visits, count(*) as patients
    from (select count(*) as n from visits v where ${all(met)} group by patient_id having n > 1)`);
  return [...steps, { step: withSeveralVisits, ...several! }];
}
