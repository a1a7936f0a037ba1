/**
 * Medications. Rule: every prescription row of a visit counts, whatever its `drug_type`; its drug name, NDC and route decide the ATC
 * codes; containers and bare diluents are set aside by name. A visit has each ATC code once, ordered by the first start.
 */
import type { DrugMapper } from '../../ontologies/index.js';
import type { DrugCoverage, NameCount } from './coverage.js';
import { appendRows, queryNumber, queryRows, type DuckDBConnection } from './duckdb.js';

const MOST_FREQUENT = 50;

/** What names a drug; `atc` holds the codes that the source's vocabulary relates to it, separated by spaces. */
interface DistinctDrug {
  id: number;
  drug: string | null;
  label: string | null;
  ndc: string | null;
  rxcui: string | null;
  atc: string | null;
  route: string | null;
}

/** Records of the prescription file: those mapped, those set aside by reason. */
export interface PrescriptionCounts {
  mapped: number;
  set_aside: Record<string, number>;
}

const NAMING = ['drug', 'label', 'ndc', 'rxcui', 'atc'] as const;
const KEY = [...NAMING, 'route'] as const;
const isNamed = `coalesce(${NAMING.join(', ')}) is not null`;

/** Turns `raw_drugs` into `codes` of kind rx; prescriptions without an admission go to `rejects`. */
export async function loadMedications(connection: DuckDBConnection, mapper: DrugMapper): Promise<PrescriptionCounts & { drugs: DrugCoverage }> {
  await connection.run(rejectOrphans);
  await connection.run(listDistinctDrugs);
  await mapDistinctDrugs(connection, mapper);
  await connection.run(keepFirstStarts);
  const drugs = await drugCoverage(connection);
  const unnamed = await queryNumber(connection, `select coalesce(sum(rows), 0)::bigint from drug_names where not (${isNamed})`);
  const skipped = Object.fromEntries(Object.entries(drugs.skipped).map(([reason, { rows }]) => [reason, rows]));
  return { mapped: drugs.mapped_rows, set_aside: { ...skipped, unmapped: drugs.unmapped.rows, unnamed }, drugs };
}

const rejectOrphans = `
  insert into rejects
  select file, line, case when r.visit_id is null then 'no visit id' else 'no such visit' end
  from raw_drugs r anti join visits v on v.visit_id = r.visit_id order by line`;

// Names are trimmed here; NDC 0 means that none is known.
const trimmed = (column: string): string => `nullif(trim(r.${column}), '') as ${column}`;
const listDistinctDrugs = `
  create view prescriptions_named as
  select r.visit_id, ${['drug', 'label', 'rxcui', 'atc', 'route'].map(trimmed).join(', ')}, nullif(nullif(trim(r.ndc), '0'), '') as ndc, r.start_at
  from raw_drugs r semi join visits v on v.visit_id = r.visit_id;
  create table drug_names as
  select row_number() over (order by ${KEY.join(', ')}) as id, ${KEY.join(', ')}, count(*) as rows
  from prescriptions_named group by ${KEY.join(', ')}`;

/** Maps each distinct drug and route once; `drug_map` holds one row a drug, `drug_atc` one a drug and ATC code. */
async function mapDistinctDrugs(connection: DuckDBConnection, mapper: DrugMapper): Promise<void> {
  await connection.run('create table drug_map (id bigint, outcome varchar, detail varchar); create table drug_atc (id bigint, code varchar)');
  const distinct = await queryRows<DistinctDrug>(connection, `select id, ${KEY.join(', ')} from drug_names where ${isNamed} order by id`);
  const mapped = distinct.map(({ id, atc, ...drug }) => ({ id, mapping: mapper.map({ ...drug, atc: atc?.split(' ') }) }));
  await appendRows(connection, 'drug_map', (append) => {
    for (const { id, mapping } of mapped) {
      if (mapping === null) append(id, 'unmapped', '');
      else if ('skip' in mapping) append(id, 'skipped', mapping.skip);
      else append(id, 'mapped', mapping.source);
    }
  });
  await appendRows(connection, 'drug_atc', (append) => {
    for (const { id, mapping } of mapped) if (mapping && 'atc' in mapping) for (const code of mapping.atc) append(id, code);
  });
}

const keepFirstStarts = `
  insert into codes
  select visit_id, 'rx', 'atc', code, row_number() over (partition by visit_id order by min(start_at) nulls last, code)
  from prescriptions_named p
    join drug_names n on ${KEY.map((column) => `n.${column} is not distinct from p.${column}`).join(' and ')}
    join drug_atc a using (id)
  group by visit_id, code`;

interface OutcomeCount {
  outcome: 'mapped' | 'skipped' | 'unmapped';
  detail: string;
  rows: number;
}

const nameCount = ({ name, rows }: NameCount): NameCount => ({ name, rows });

async function drugCoverage(connection: DuckDBConnection): Promise<DrugCoverage> {
  const counts = await queryRows<OutcomeCount>(connection, `
    select outcome, detail, sum(rows)::bigint as rows from drug_map join drug_names using (id) group by all order by outcome, rows desc, detail`);
  const total = (outcome: string): number => counts.filter((row) => row.outcome === outcome).reduce((sum, { rows }) => sum + rows, 0);
  const [mapped, skipped, unmapped] = ['mapped', 'skipped', 'unmapped'].map(total) as [number, number, number];
  const bySource = counts.filter(({ outcome }) => outcome === 'mapped').map(({ detail, rows }) => [detail, rows] as const);
  const names = await namesByOutcome(connection);
  const skippedNames = (reason: string): NameCount[] => names.filter(({ outcome, detail }) => outcome === 'skipped' && detail === reason).map(nameCount);
  const unmappedNames = names.filter(({ outcome }) => outcome === 'unmapped');
  return {
    named_rows: mapped + skipped + unmapped,
    mapped_rows: mapped,
    mapped_share: mapped + unmapped ? mapped / (mapped + unmapped) : null,
    by_source: Object.fromEntries(bySource),
    skipped: Object.fromEntries(counts.filter(({ outcome }) => outcome === 'skipped').map(({ detail, rows }) => [detail, { rows, names: skippedNames(detail) }])),
    unmapped: { rows: unmapped, distinct: unmappedNames.length, most_frequent: unmappedNames.slice(0, MOST_FREQUENT).map(nameCount) },
  };
}

/** Names that gave no code, with their rows; spelling variants in case count as one. */
const namesByOutcome = (connection: DuckDBConnection): Promise<(OutcomeCount & NameCount)[]> =>
  queryRows(connection, `
    select outcome, detail, coalesce(lower(drug), lower(label), 'ndc ' || ndc, 'rxnorm ' || rxcui, atc) as name, sum(rows)::bigint as rows
    from drug_map join drug_names using (id) where outcome <> 'mapped' group by all order by rows desc, name`);
