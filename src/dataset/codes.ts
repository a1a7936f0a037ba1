/** Codes at the configured granularity, their vocabularies, and the ids of each visit. */
import { codeSystem, isCodeSystemId, type CodeSystem } from '../../ontologies/index.js';
import { queryRows, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import { codeKinds, type CodesConfig } from './config.js';
import type { ExtraCode } from './extra-codes.js';
import { trainingVisits } from './fitted-on.js';
import { codeAtGranularity, type StoreCode } from './granularity.js';
import { createTable } from './tables.js';
import { codeSpecials, CODE_UNK, fitVocabulary, type CodeCount, type Vocabulary } from './vocabulary.js';

/** Creates the temporary table `code`: one row a (visit, kind, system, code at the granularity), for the placed visits. Needs the view `kept_code`. */
export async function createCodeTable(connection: DuckDBConnection, config: CodesConfig): Promise<void> {
  const kinds = codeKinds.map(sqlString).join(', ');
  const distinct = await queryRows<StoreCode>(connection, `select distinct kind, system, code from kept_code where kind in (${kinds}) order by all`);
  const rows = distinct.map((code) => [code.kind, code.system, code.code, codeAtGranularity(code, config)]);
  await createTable(connection, 'granularity', { kind: 'VARCHAR', system: 'VARCHAR', code: 'VARCHAR', target: 'VARCHAR' }, rows);
  await connection.run(`create temp table code as
    select p.ordinal, c.kind, c.system, g.target as code, min(c.position) as position
    from kept_code c join placed p using (visit_id) join granularity g using (kind, system, code)
    group by all`);
}

type TitleOf = (system: string, code: string) => string | undefined;

/** Titles of the source's dictionaries, else of the bundled tables. */
async function readTitles(connection: DuckDBConnection, store: Store, extra: readonly ExtraCode[]): Promise<TitleOf> {
  const carried = extra.length ? '' : 'semi join (select distinct system, code from code) using (system, code)';
  const rows = await queryRows<{ system: string; code: string; title: string }>(
    connection,
    `select system, code, title from read_parquet(${sqlString(store.files.titles)}) ${carried}`,
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

/** Fits the vocabularies on training visits, and adds the extra codes. Needs the tables `placed` and `code`. */
export async function fitVocabularyOnTraining(connection: DuckDBConnection, store: Store, { config, extra }: { config: CodesConfig; extra: readonly ExtraCode[] }): Promise<Vocabulary> {
  const counts = await queryRows<CodeCount>(
    connection,
    `select kind, system, code, count(*) as count from code join placed using (ordinal) where ${trainingVisits} group by all order by all`,
  );
  return fitVocabulary(counts, { ...config, extra }, await readTitles(connection, store, extra));
}

/** Creates the temporary table `code_id`: `code` with the vocabulary's ids, [UNK] for codes outside it. */
export async function createCodeIdTable(connection: DuckDBConnection, vocabulary: Vocabulary): Promise<void> {
  const rows = codeKinds.flatMap((kind) => vocabulary.kinds[kind].map(({ system, code }, i) => [kind, system, code, codeSpecials.length + i]));
  await createTable(connection, 'vocabulary', { kind: 'VARCHAR', system: 'VARCHAR', code: 'VARCHAR', id: 'INTEGER' }, rows);
  await connection.run(`create temp table code_id as
    select code.*, coalesce(vocabulary.id, ${CODE_UNK}) as id from code left join vocabulary using (kind, system, code)`);
}
