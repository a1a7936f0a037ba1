/** The cohort flow: visits and patients at each step, and what each split holds. */
import { queryRows, type DuckDBConnection } from '../records/store.js';
import type { FlowStep } from './cohort.js';
import { codeKinds, splitNames, type CodeKind, type SplitConfig, type SplitName } from './config.js';
import type { SplitAssignment } from './split.js';
import { CODE_UNK } from './vocabulary.js';

export interface CodeFlow {
  /** Rows (visit, code). */
  codes: number;
  distinct: number;
  /** Rows whose code is not in the vocabulary. */
  unknown: number;
}

export interface SplitFlow {
  visits: number;
  patients: number;
  labelled: number;
  with_text: number;
  codes: Record<CodeKind, CodeFlow>;
}

export interface Flow {
  steps: FlowStep[];
  splits: Record<SplitName, SplitFlow>;
  /** What was done about patients in several splits. */
  overlap: { policy: SplitConfig['on_overlap'] | 'none'; patients: number; visits_left_out: number };
  /** With `by: list`: visits that no list names, and ids in the lists that no visit of the cohort has. */
  lists?: { visits_left_out: number; ids_not_found: number };
}

async function splitFlow(connection: DuckDBConnection, split: SplitName): Promise<SplitFlow> {
  const [visits] = await queryRows<Omit<SplitFlow, 'codes'>>(
    connection,
    `select count(*) visits, count(distinct patient_id) patients, count(*) filter (labelled) labelled, count(*) filter (has_text) with_text
     from placed where split = '${split}'`,
  );
  const rows = await queryRows<CodeFlow & { kind: CodeKind }>(
    connection,
    `select kind, count(*) codes, count(distinct (system, code)) "distinct", count(*) filter (id = ${CODE_UNK}) "unknown"
     from code_id join placed using (ordinal) where split = '${split}' group by kind`,
  );
  const codes = Object.fromEntries(
    codeKinds.map((kind) => {
      const { kind: _, ...flow } = rows.find((row) => row.kind === kind) ?? { kind, codes: 0, distinct: 0, unknown: 0 };
      return [kind, flow];
    }),
  ) as Record<CodeKind, CodeFlow>;
  return { ...visits!, codes };
}

/** Needs the tables `placed` and `code_id`. */
export async function describeFlow(connection: DuckDBConnection, steps: FlowStep[], assignment: SplitAssignment, config: SplitConfig): Promise<Flow> {
  const splits = {} as Record<SplitName, SplitFlow>;
  for (const split of splitNames) splits[split] = await splitFlow(connection, split);
  const { overlappingPatients, droppedVisits, unlistedVisits, unusedIds } = assignment;
  const policy = { patient: 'none', stratified: 'none', source: config.on_overlap, list: config.on_overlap, visit: 'keep' } as const;
  const overlap = { policy: policy[config.by], patients: overlappingPatients, visits_left_out: droppedVisits };
  return { steps, splits, overlap, ...(config.by === 'list' && { lists: { visits_left_out: unlistedVisits ?? 0, ids_not_found: unusedIds ?? 0 } }) };
}

/** A plain-text table of the flow. */
export function flowTable({ steps, splits, overlap, lists }: Flow): string {
  const rows = [['step', 'visits', 'patients', 'labelled', 'text', 'dx', 'rx', 'px'], ...steps.map(({ step, visits, patients }) => [step, visits, patients])];
  if (lists) rows.push(['left out: in no list', lists.visits_left_out], ['(ids in the lists that the cohort lacks)', lists.ids_not_found]);
  if (overlap.visits_left_out) rows.push([`left out: training visits of ${overlap.patients} patients in several splits`, overlap.visits_left_out]);
  for (const split of splitNames) {
    const { visits, patients, labelled, with_text, codes } = splits[split];
    rows.push([split, visits, patients, labelled, with_text, ...codeKinds.map((kind) => codes[kind].codes)]);
  }
  const cells = rows.map((row) => Array.from({ length: 8 }, (_, i) => (typeof row[i] === 'number' ? row[i].toLocaleString('en') : String(row[i] ?? ''))));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) => row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ').trimEnd()).join('\n');
}
