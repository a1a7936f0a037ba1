/** Titles of codes that a source's own vocabulary describes; one a canonical code. */
import { createNormaliser } from '../../ontologies/index.js';
import { appendRows, queryRows, type DuckDBConnection } from './duckdb.js';

/** Fills `titles`. @param select SQL of rows `system`, `raw`, `title`; of several for one code the first counts */
export async function loadTitles(connection: DuckDBConnection, select: string): Promise<void> {
  const rows = await queryRows<{ system: string; raw: string; title: string }>(connection, select);
  const normalise = createNormaliser();
  const titles = new Map<string, [system: string, code: string, title: string]>();
  for (const { system, raw, title } of rows) {
    const code = normalise(system, raw);
    if (code !== null && !titles.has(`${system} ${code}`)) titles.set(`${system} ${code}`, [system, code, title]);
  }
  await appendRows(connection, 'titles', (append) => titles.forEach((row) => append(...row)));
}
