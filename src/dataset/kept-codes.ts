/** Which of the store's codes stay in the data (`prepare.codes.keep`): the view `kept_code` that everything else reads codes from. */
import { queryNumber, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import type { KeptCodesConfig } from './config.js';

const list = (texts: readonly string[]): string => texts.map(sqlString).join(', ');

/** The condition for a row of codes.parquet, rare codes aside; medications always stay. */
function condition({ systems, only }: KeptCodesConfig): string {
  const wanted = [...(systems ? [`system in (${list(systems)})`] : []), ...(only ? [`code in (${list(only)})`] : [])];
  return wanted.length ? `(kind = 'rx' or ${wanted.join(' and ')})` : 'true';
}

/** Creates the temporary view `kept_code` (visit_id, kind, system, code, position), and the table `rare_code` that it leaves out, still empty. */
export async function createKeptCodes(connection: DuckDBConnection, store: Store, config: KeptCodesConfig): Promise<void> {
  await connection.run(`
    create temp table rare_code (kind VARCHAR, system VARCHAR, code VARCHAR);
    create temp view kept_code as
    select visit_id, kind, system, code, position from read_parquet(${sqlString(store.files.codes)}) anti join rare_code using (kind, system, code) where ${condition(config)}`);
}

/** Fills `rare_code` by the visits of the table `visit`. @returns how many codes it holds */
export async function leaveOutRareCodes(connection: DuckDBConnection, { min_visits }: KeptCodesConfig): Promise<number> {
  await connection.run(`insert into rare_code
    select kind, system, code from kept_code join visit using (visit_id) where kind <> 'rx' group by all having count(*) < ${min_visits}`);
  return queryNumber(connection, 'select count(*) from rare_code');
}
