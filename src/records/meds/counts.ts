/** What became of the events of each kind. */
import { queryNumber, queryRows, type DuckDBConnection } from '../duckdb.js';

/** `records` = `kept` + `merged` + `rejected` + the sum of all others, which are reasons to set an event aside. */
export type KindCounts = { records: number; kept?: number; merged?: number; rejected?: number } & Record<string, number>;

/** Counts of `medications` lack what the drug mapper made of them. */
export async function countByKind(connection: DuckDBConnection): Promise<Record<string, KindCounts>> {
  const rows = await queryRows<{ kind: string; records: number }>(connection, 'select kind, count(*) as records from staged group by kind');
  const records = (kind: string): number => rows.find((row) => row.kind === kind)?.records ?? 0;
  const number = (sql: string): Promise<number> => queryNumber(connection, sql);
  const outside = (kind: string): Promise<number> => number(`select count(*) from placed where kind = '${kind}' and visit_id is null`);
  const visits = await number('select count(*) from visits');
  const timeless = await number("select count(*) from rejects where reason = 'admission without time'");
  const counts: Record<string, KindCounts> = {
    admissions: { records: records('admission'), kept: visits, rejected: timeless, merged: records('admission') - visits - timeless },
    discharges: await split(records('discharge'), number('select coalesce(sum(rows), 0)::bigint from discharges'), 'without_admission'),
    'births, deaths and sexes': await split(
      records('birth') + records('death') + records('sex'),
      number("select count(*) from staged where kind in ('birth', 'death', 'sex') and patient_id in (select patient_id from visits)"), 'without_admission'),
    diagnoses: await codeCounts(connection, 'dx', records('dx'), outside('dx')),
    procedures: await codeCounts(connection, 'px', records('px'), outside('px')),
    medications: { records: records('rx'), outside_visits: await outside('rx') },
    notes: await noteCounts(connection, records('note')),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, { records: events }]) => events > 0));
}

async function split(records: number, kept: Promise<number>, otherwise: string): Promise<KindCounts> {
  return { records, kept: await kept, [otherwise]: records - await kept };
}

async function codeCounts(connection: DuckDBConnection, kind: string, records: number, outsideVisits: Promise<number>): Promise<KindCounts> {
  const outside_visits = await outsideVisits;
  const usable = await queryNumber(connection, `select count(*) from usable_codes where kind = '${kind}'`);
  const kept = await queryNumber(connection, `select count(*) from first_mentions where kind = '${kind}'`);
  return { records, kept, merged: usable - kept, rejected: records - outside_visits - usable, outside_visits };
}

async function noteCounts(connection: DuckDBConnection, records: number): Promise<KindCounts> {
  if (!records) return { records };
  const withText = await queryNumber(connection, "select count(*) from staged where kind = 'note' and has_text");
  if (!withText) return { records, no_text: records };
  const kept = await queryNumber(connection, 'select count(*) from last_notes');
  const placed = await queryNumber(connection, 'select count(*) from placed_notes where visit_id is not null');
  return { records, kept, superseded: placed - kept, outside_visits: withText - placed, no_text: records - withText };
}
