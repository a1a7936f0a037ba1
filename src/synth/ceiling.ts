/** The Bayes-optimal scores beside a synthetic set: written as Parquet under `ceiling/`, read back for evaluation. */
import fs from 'node:fs';
import path from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { dataError } from '../core/errors.js';
import type { Inputs, Score, VisitScores } from './bayes/scores.js';
import { openTable, type TableWriter } from './formats/table-writer.js';

export type CeilingTask = 'icd-coding' | 'readmission' | 'medication';

/** What each task's ceiling is given, and what it scores; written to the manifest. */
export const CEILING_DEFINITIONS: Record<CeilingTask, string> = {
  'icd-coding': 'P(diagnosis code of the visit | evidence of the same visit). text: the whole note; codes: the prescriptions; text+codes: both. The code system is read from the text; without text it is weighted by its share.',
  readmission: 'P(unplanned admission within 30 days of discharge | evidence of the visit), for discharges alive. text: the whole note; codes: diagnoses and prescriptions; text+codes: both.',
  medication: 'P(some drug under the ATC code, at level 3, 4 or 5 | diagnoses of the visit, past visits). codes: prescriptions of past visits; text+codes: their notes too. The note of the visit itself is not an input.',
};

/** Label of the only score of a visit in `readmission`. */
export const READMITTED = 'readmitted';

const TASKS = Object.keys(CEILING_DEFINITIONS) as CeilingTask[];

/** Probabilities are staged as whole numbers of this unit, which is several times faster than as decimals. */
const UNITS = 1e7;

/** Columns of a task's staged text; readmission has no system and code. */
const columnsOf = (task: CeilingTask): string[] => ['visit_id', 'inputs', ...(task === 'readmission' ? [] : ['system', 'code']), 'units'];

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function toParquet(connection: DuckDBConnection, csv: string, task: CeilingTask): Promise<void> {
  const columns = columnsOf(task).map((name) => `${name}: '${name === 'units' ? 'INTEGER' : 'VARCHAR'}'`).join(', ');
  const source = `read_csv(${sqlText(csv)}, auto_detect=false, header=true, delim=',', quote='"', escape='"', columns={${columns}})`;
  await connection.run(`COPY (SELECT * EXCLUDE units, units / ${UNITS} AS probability FROM ${source}) TO ${sqlText(csv.replace(/\.csv$/, '.parquet'))} (FORMAT parquet, COMPRESSION zstd)`);
  fs.rmSync(csv);
}

export interface CeilingWriter {
  visit(visitId: string, scores: VisitScores): void;
  drain(): Promise<void>;
  /** Turns what was written into Parquet files. */
  close(): Promise<void>;
}

/** Opens `dir/ceiling`; rows are staged as text and become Parquet at the end, so that memory stays bounded. */
export function openCeiling(dir: string): CeilingWriter {
  const stage = (task: CeilingTask): string => path.join(dir, 'ceiling', `${task}.csv`);
  const open = (task: CeilingTask): TableWriter => openTable(stage(task), { header: columnsOf(task), gzip: false, quoteText: false });
  const tables = { 'icd-coding': open('icd-coding'), readmission: open('readmission'), medication: open('medication') };
  const write = (task: CeilingTask, visitId: string, scores: readonly Score[]): void => {
    for (const { inputs, system, code, probability } of scores) {
      const label = system === undefined ? '' : `${system},${code},`;
      tables[task].line(`${visitId},${inputs},${label}${Math.round(probability * UNITS)}`);
    }
  };
  return {
    visit(visitId, { icdCoding, readmission, medication }) {
      write('icd-coding', visitId, icdCoding);
      write('readmission', visitId, readmission);
      write('medication', visitId, medication);
    },
    async drain() {
      for (const task of TASKS) await tables[task].drain();
    },
    async close() {
      for (const task of TASKS) await tables[task].close();
      await withConnection(async (connection) => {
        for (const task of TASKS) await toParquet(connection, stage(task), task);
      });
    },
  };
}

/**
 * Reads the scores of a task.
 * @param dir what `medweave synth` wrote
 * @param inputs `text`, `codes` or `text+codes`; for `medication` only the last two
 * @returns visit id → label → probability; a label is `system:code` (`icd10cm:I10`, `atc:C09A`), or {@link READMITTED}. Labels below
 * 1e-4 are absent.
 * @throws data error when the directory holds no such scores.
 */
export async function readCeiling(dir: string, task: CeilingTask, inputs: Inputs): Promise<Map<string, Map<string, number>>> {
  const file = path.join(dir, 'ceiling', `${task}.parquet`);
  if (!fs.existsSync(file)) throw dataError(`${file}: no such file; expected the output of \`medweave synth\` with its ceiling`);
  const label = task === 'readmission' ? sqlText(READMITTED) : "system || ':' || code";
  const rows = await withConnection(async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT visit_id, ${label}, probability FROM read_parquet(${sqlText(file)}) WHERE inputs = ${sqlText(inputs)}`);
    return reader.getRows() as [string, string, number][];
  });
  if (rows.length === 0) throw dataError(`${file}: no scores for the inputs ${inputs}`);
  const scores = new Map<string, Map<string, number>>();
  for (const [visitId, name, probability] of rows) {
    const visit = scores.get(visitId) ?? new Map<string, number>();
    scores.set(visitId, visit.set(name, probability));
  }
  return scores;
}
