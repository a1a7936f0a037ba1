/** Gives each visit of the cohort its split and its place in the tables: by patient, then by time. */
import { queryRows, type DuckDBConnection } from '../records/store.js';
import type { SplitConfig } from './config.js';
import { readSplitLists } from './split-lists.js';
import { assignSplits, isLabelled, splitManifest, type SplitAssignment, type SplitManifest, type SplitMaterial, type SplitVisit } from './split.js';
import { createTable } from './tables.js';

export interface Placement {
  manifest: SplitManifest;
  assignment: SplitAssignment;
}

/** Visit → its diagnoses and procedures, as stored. One row a visit: MIMIC-IV has millions of codes. */
async function codesOfVisits(connection: DuckDBConnection): Promise<Map<string, string[]>> {
  const rows = await queryRows<{ visit_id: string; codes: string }>(connection, `
    select visit_id, string_agg(system || ' ' || code, chr(9) order by system, code) as codes from kept_code semi join visit using (visit_id) where kind <> 'rx' group by visit_id`);
  return new Map(rows.map(({ visit_id, codes }) => [visit_id, codes.split('\t')]));
}

async function splitMaterial(connection: DuckDBConnection, { by, lists }: SplitConfig): Promise<SplitMaterial> {
  if (by === 'list') return { listed: await readSplitLists(lists) };
  return by === 'stratified' ? { codesOf: await codesOfVisits(connection) } : {};
}

/** Needs the table `visit` and the view `kept_code`. Creates the temporary table `placed`: the columns of `visit`, `split`, `labelled`, `sequence` in the patient and `ordinal` in the table. */
export async function placeVisits(connection: DuckDBConnection, config: SplitConfig): Promise<Placement> {
  const visits = await queryRows<SplitVisit>(connection, 'select visit_id, patient_id, source_split from visit order by visit_id');
  const assignment = assignSplits(visits, config, await splitMaterial(connection, config));
  const rows = visits.filter((visit) => assignment.splitOf.has(visit.visit_id)).map((visit) => [visit.visit_id, assignment.splitOf.get(visit.visit_id)!, isLabelled(visit)]);
  await createTable(connection, 'assignment', { visit_id: 'VARCHAR', split: 'VARCHAR', labelled: 'BOOLEAN' }, rows);
  await connection.run(`create temp table placed as
    select *,
      (row_number() over (partition by patient_id order by admitted_at nulls last, visit_id) - 1)::INTEGER as sequence,
      (row_number() over (order by patient_id, admitted_at nulls last, visit_id) - 1)::INTEGER as ordinal
    from visit join assignment using (visit_id)`);
  return { manifest: splitManifest(visits, assignment), assignment };
}
