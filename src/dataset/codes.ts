/** Codes at the configured granularity, their vocabularies, and the ids of each visit. */
import { atcAtLevel, codeSystem, isCodeSystemId, type CodeSystem } from '../../ontologies/index.js';
import { queryRows, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import { codeKinds, type CodeKind, type CodesConfig } from './config.js';
import { trainingVisits } from './fitted-on.js';
import { createTable } from './tables.js';
import { codeSpecials, CODE_UNK, fitVocabulary, type CodeCount, type Vocabulary } from './vocabulary.js';

interface StoreCode {
  kind: CodeKind;
  system: string;
  code: string;
}

/** The characters of an ICD-10-PCS table: section, body system, operation. */
const PCS_TABLE = 3;

/** The code that stands for `code` at the configured granularity: itself, its category, or its ATC group. */
export function codeAtGranularity({ kind, system, code }: StoreCode, config: CodesConfig): string {
  if (system === 'atc') return atcAtLevel(code, config.atc_level);
  if (kind === 'rx' || config[kind] === 'full') return code;
  // ICD's canonical form has its dot after the category.
  return system === 'icd10pcs' ? code.slice(0, PCS_TABLE) : code.split('.')[0]!;
}

/** Creates the temporary table `code`: one row a (visit, kind, system, code at the granularity), for the placed visits. */
export async function createCodeTable(connection: DuckDBConnection, store: Store, config: CodesConfig): Promise<void> {
  const codes = `read_parquet(${sqlString(store.files.codes)})`;
  const kinds = codeKinds.map(sqlString).join(', ');
  const distinct = await queryRows<StoreCode>(connection, `select distinct kind, system, code from ${codes} where kind in (${kinds}) order by all`);
  const rows = distinct.map((code) => [code.kind, code.system, code.code, codeAtGranularity(code, config)]);
  await createTable(connection, 'granularity', { kind: 'VARCHAR', system: 'VARCHAR', code: 'VARCHAR', target: 'VARCHAR' }, rows);
  await connection.run(`create temp table code as
    select p.ordinal, c.kind, c.system, g.target as code, min(c.position) as position
    from ${codes} c join placed p using (visit_id) join granularity g using (kind, system, code)
    group by all`);
}

type TitleOf = (system: string, code: string) => string | undefined;

/** Titles of the source's dictionaries, else of the bundled tables. */
async function readTitles(connection: DuckDBConnection, store: Store): Promise<TitleOf> {
  const rows = await queryRows<{ system: string; code: string; title: string }>(
    connection,
    `select system, code, title from read_parquet(${sqlString(store.files.titles)}) semi join (select distinct system, code from code) using (system, code)`,
  );
  const supplied = new Map(rows.map(({ system, code, title }) => [`${system} ${code}`, title]));
  const systems = new Map<string, CodeSystem>();
  const bundled: TitleOf = (system, code) => {
    if (!isCodeSystemId(system)) return undefined;
    if (!systems.has(system)) systems.set(system, codeSystem(system));
    return systems.get(system)!.title(code);
  };
  return (system, code) => supplied.get(`${system} ${code}`) ?? bundled(system, code);
}

/** Fits the vocabularies on training visits. Needs the tables `placed` and `code`. */
export async function fitVocabularyOnTraining(connection: DuckDBConnection, store: Store, config: CodesConfig): Promise<Vocabulary> {
  const counts = await queryRows<CodeCount>(
    connection,
    `select kind, system, code, count(*) as count from code join placed using (ordinal) where ${trainingVisits} group by all order by all`,
  );
  return fitVocabulary(counts, config, await readTitles(connection, store));
}

/** Creates the temporary table `code_id`: `code` with the vocabulary's ids, [UNK] for codes outside it. */
export async function createCodeIdTable(connection: DuckDBConnection, vocabulary: Vocabulary): Promise<void> {
  const rows = codeKinds.flatMap((kind) => vocabulary.kinds[kind].map(({ system, code }, i) => [kind, system, code, codeSpecials.length + i]));
  await createTable(connection, 'vocabulary', { kind: 'VARCHAR', system: 'VARCHAR', code: 'VARCHAR', id: 'INTEGER' }, rows);
  await connection.run(`create temp table code_id as
    select code.*, coalesce(vocabulary.id, ${CODE_UNK}) as id from code left join vocabulary using (kind, system, code)`);
}
