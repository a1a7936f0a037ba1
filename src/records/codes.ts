/**
 * Diagnosis and procedure codes. Rule: a code counts once a visit, in canonical form, at the position of its first mention
 * (`seq_num` where the source has one); the same characters in ICD-9 and ICD-10 are different codes.
 */
import { codeSystem, createNormaliser } from '../../ontologies/index.js';
import type { CodeCoverage } from './coverage.js';
import { appendRows, queryRows, sqlString, type DuckDBConnection } from './duckdb.js';

interface RawCode {
  system: string;
  raw: string;
}

/** Records of a file that states codes: those kept and those that repeat a kept one. */
export interface CodeFileCounts {
  file: string;
  kept: number;
  merged: number;
}

/**
 * Turns `raw_codes` into `codes`; what cannot be used goes to `rejects` with a reason.
 * @returns what became of the records of each file, rejects aside
 */
export async function loadCodes(connection: DuckDBConnection): Promise<CodeFileCounts[]> {
  await mapDistinctCodes(connection);
  await connection.run(rejectUnusable);
  await connection.run(findFirstMentions);
  await connection.run(keepFirstMentions);
  return queryRows(connection, `
    select file, coalesce(k.kept, 0) as kept, u.usable - coalesce(k.kept, 0) as merged
    from (select file, count(*) as usable from usable_codes group by file) u
      left join (select file, count(*) as kept from first_mentions group by file) k using (file)
    order by file`);
}

/** Normalises each distinct (system, raw code) once, in JavaScript, where the code systems live. */
async function mapDistinctCodes(connection: DuckDBConnection): Promise<void> {
  await connection.run('create table code_map (system varchar, raw varchar, code varchar)');
  const distinct = await queryRows<RawCode>(connection, 'select distinct system, raw from raw_codes where system is not null and raw is not null');
  const normalise = createNormaliser();
  await appendRows(connection, 'code_map', (append) => distinct.forEach(({ system, raw }) => append(system, raw, normalise(system, raw))));
}

const rejectUnusable = `
  insert into rejects
  select r.file, r.line, case when r.visit_id is null then 'no visit id' when r.raw is null then 'no code'
    when r.system is null then 'unknown ICD version' when v.visit_id is null then 'no such visit' else 'not a code of ' || r.system end
  from raw_codes r left join visits v on v.visit_id = r.visit_id left join code_map m on m.system = r.system and m.raw = r.raw
  where v.visit_id is null or m.code is null
  order by r.file, r.line`;

const findFirstMentions = `
  create view usable_codes as
  select r.file, r.line, r.visit_id, r.kind, r.system, m.code, r.seq
  from raw_codes r join code_map m on m.system = r.system and m.raw = r.raw semi join visits v on v.visit_id = r.visit_id
  where m.code is not null;
  create table first_mentions as
  select min(file) as file, visit_id, kind, system, code, min(seq) as seq, min(line) as line
  from usable_codes group by visit_id, kind, system, code`;

const keepFirstMentions = `
  insert into codes
  select visit_id, kind, system, code, row_number() over (partition by visit_id, kind order by seq nulls last, line, system, code)
  from first_mentions`;

/** Rows, distinct and unknown codes of each kind and system in `codes`. */
export async function codeCoverage(connection: DuckDBConnection): Promise<CodeCoverage[]> {
  const groups = await queryRows<{ kind: string; system: string }>(connection, 'select distinct kind, system from codes order by kind, system');
  return Promise.all(groups.map((group) => groupCoverage(connection, group)));
}

async function groupCoverage(connection: DuckDBConnection, { kind, system: id }: { kind: string; system: string }): Promise<CodeCoverage> {
  const system = codeSystem(id);
  const counts = await queryRows<{ code: string; rows: number }>(connection, `
    select code, count(*) as rows from codes where kind = ${sqlString(kind)} and system = ${sqlString(id)} group by code`);
  const isUnknown = (code: string): boolean => system.normalise(code) !== code || system.describe(code).knownFrom === undefined;
  const unknown = counts.filter(({ code }) => isUnknown(code));
  const sum = (rows: { rows: number }[]): number => rows.reduce((total, row) => total + row.rows, 0);
  return { kind, system: id, rows: sum(counts), distinct: counts.length, unknown_distinct: unknown.length, unknown_rows: sum(unknown) };
}
