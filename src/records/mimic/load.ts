/** Loads an edition of MIMIC: tables, visits, codes, medications, notes, titles, and the cohort flow. */
import path from 'node:path';
import { createDrugMapper } from '../../../ontologies/index.js';
import { dataError } from '../../core/errors.js';
import { createProgress } from '../../core/progress.js';
import { changedFiles } from '../checksums.js';
import { loadCodes } from '../codes.js';
import type { IngestConfig } from '../config.js';
import type { FileCoverage } from '../coverage.js';
import { loadTable } from '../csv/load.js';
import { expectTable, locateTable, tableFolders } from '../csv/locate.js';
import { queryNumber, sqlString } from '../duckdb.js';
import { loadMedications } from '../medications.js';
import { loadNotes } from '../notes.js';
import { countRejects, timed, type Ingest } from '../staging.js';
import { isVersioned, type MimicEdition, type MimicTable } from './edition.js';
import { rawCodesSql } from './raw-codes.js';
import { loadTitlesOf } from './titles.js';
import { countVisitQuirks, rejectAdmissionsSql, rejectPatientsSql, visitsSql } from './visits.js';

/** Tables that are not there have no entry. */
type Files = Partial<Record<MimicTable | 'notes', string>>;

/** The file of each table that is there. @throws data error when a required table is missing */
export function locateFiles({ tables, notes, modules }: MimicEdition, { raw }: IngestConfig): Files {
  const folders = tableFolders(raw, modules);
  const files: Files = {};
  for (const [table, { name, required }] of Object.entries({ ...tables, notes: { ...notes, required: false } })) {
    const file = required ? expectTable(folders, name) : locateTable(folders, name);
    if (file) files[table as keyof Files] = file;
  }
  return files;
}

export async function loadMimic(edition: MimicEdition, ingest: Ingest): Promise<void> {
  const { log } = ingest;
  const files = locateFiles(edition, ingest.config);
  await noteFileState(edition, ingest, files);
  const staged = await stageTables(edition, ingest, files);
  await timed(log, 'visits', () => loadVisits(edition, ingest, staged));
  await timed(log, 'diagnoses and procedures', () => loadCodeTables(edition, ingest, staged));
  await timed(log, 'medications', () => loadPrescriptions(ingest, staged.prescriptions));
  if (files.notes) await loadNotes(ingest, edition.notes, [files.notes]);
  await loadDictionaries(edition, ingest, staged);
}

/** Notices about tables that are not there and files that are not as published. */
async function noteFileState({ tables, notes }: MimicEdition, { config, coverage }: Ingest, files: Files): Promise<void> {
  for (const [table, { name }] of Object.entries({ ...tables, notes })) {
    if (!files[table as keyof Files]) coverage.notices.push(`${name}: no such table; the store goes without it`);
  }
  for (const file of await changedFiles(config.raw, Object.values(files))) {
    coverage.notices.push(`${path.basename(file)}: differs from SHA256SUMS.txt; it was edited, or its download is incomplete`);
  }
}

interface Staged {
  file: string;
  records: number;
}

type StagedTables = Partial<Record<MimicTable, Staged>>;

async function stageTables({ tables }: MimicEdition, { connection, config, log, signal }: Ingest, files: Files): Promise<StagedTables> {
  const staged: StagedTables = {};
  for (const table of Object.keys(tables) as MimicTable[]) {
    const file = files[table];
    if (!file) continue;
    const progress = createProgress({ label: tables[table].name, unit: 'records', log });
    const onProgress = (done: number): void => {
      signal.throwIfAborted();
      progress.update(done);
    };
    const { records } = await loadTable(connection, { file, table, columns: tables[table].columns, maxRejectShare: config.max_reject_share, onProgress });
    progress.update(records);
    progress.finish();
    staged[table] = { file, records };
  }
  return staged;
}

async function fileCoverage(ingest: Ingest, { file, records }: Staged, fates: Partial<FileCoverage>): Promise<void> {
  const rejected = await countRejects(ingest.connection, file);
  ingest.coverage.files.push({ file, records, kept: 0, merged: 0, rejected, set_aside: {}, ...fates });
}

async function loadVisits(edition: MimicEdition, ingest: Ingest, { admissions, patients }: StagedTables): Promise<void> {
  const { connection } = ingest;
  await connection.run(rejectAdmissionsSql(sqlString(admissions!.file)));
  await connection.run(rejectPatientsSql(sqlString(patients!.file)));
  await connection.run(visitsSql(edition));
  await countVisitQuirks(ingest);
  const visits = await queryNumber(connection, 'select count(*) from visits');
  if (!visits) throw dataError(`${admissions!.file}: no usable admission in the file`);
  await fileCoverage(ingest, admissions!, { kept: visits });
  const usable = patients!.records - await countRejects(connection, patients!.file);
  const kept = await queryNumber(connection, 'select count(distinct subject_id) from patients p where exists (select 1 from visits v where v.patient_id = p.subject_id::varchar)');
  await fileCoverage(ingest, patients!, { kept, set_aside: { without_admission: usable - kept } });
}

async function loadCodeTables({ tables }: MimicEdition, ingest: Ingest, staged: StagedTables): Promise<void> {
  const codeTables = (['diagnoses', 'procedures'] as const).filter((table) => staged[table]);
  for (const table of codeTables) {
    await ingest.connection.run(rawCodesSql(table, staged[table]!.file, isVersioned(tables[table])));
  }
  const counts = await loadCodes(ingest.connection);
  for (const table of codeTables) {
    const { kept, merged } = counts.find(({ file }) => file === staged[table]!.file) ?? { kept: 0, merged: 0 };
    await fileCoverage(ingest, staged[table]!, { kept, merged });
  }
}

async function loadPrescriptions(ingest: Ingest, staged: Staged | undefined): Promise<void> {
  if (!staged) return;
  const { connection, config, coverage } = ingest;
  await connection.run(`create view raw_drugs as
    select ${sqlString(staged.file)} as file, line, hadm_id::varchar as visit_id, drug, null as label, ndc, null as rxcui, null as atc, route, start_at from prescriptions`);
  const mapper = await createDrugMapper({ tables: config.drug_tables, rxnormDir: config.rxnorm });
  const { mapped, set_aside, drugs } = await loadMedications(connection, mapper);
  coverage.drugs = drugs;
  await fileCoverage(ingest, staged, { kept: mapped, set_aside });
}

async function loadDictionaries({ tables }: MimicEdition, ingest: Ingest, staged: StagedTables): Promise<void> {
  for (const table of ['dx_titles', 'px_titles'] as const) {
    const dictionary = staged[table];
    if (!dictionary) continue;
    const fates = await loadTitlesOf(ingest.connection, table, { file: dictionary.file, versioned: isVersioned(tables[table]) });
    await fileCoverage(ingest, dictionary, fates);
  }
}
