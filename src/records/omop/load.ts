/** Loads an OMOP CDM: tables, vocabulary, visits, codes, medications, notes, titles, and what became of every record. */
import { createDrugMapper } from '../../../ontologies/index.js';
import { dataError } from '../../core/errors.js';
import { loadCodes } from '../codes.js';
import type { FileCoverage } from '../coverage.js';
import { queryNumber, queryRows, sqlString } from '../duckdb.js';
import { loadMedications } from '../medications.js';
import { timed, type Ingest } from '../staging.js';
import { loadTitles } from '../titles.js';
import { omopFiles, type OmopFiles } from './files.js';
import { loadOmopNotes } from './notes.js';
import * as sql from './sql.js';
import { stageTable, type StagedFile } from './stage.js';
import { tables, type TableName } from './tables.js';
import { loadVocabulary } from './vocabulary.js';

const CODE_TABLES: readonly TableName[] = ['condition_occurrence', 'procedure_occurrence', 'observation', 'measurement', 'device_exposure'];

type Staged = Partial<Record<TableName, StagedFile[]>>;

export async function loadOmop(ingest: Ingest): Promise<void> {
  const { log, connection } = ingest;
  const files = omopFiles(ingest.config);
  expectSystems(ingest, files);
  noteMissing(ingest, files);
  const staged = await stageTables(ingest, files);
  await connection.run(sql.usedConceptsSql(conceptColumns(staged)));
  await timed(log, 'vocabulary', () => loadVocabulary(ingest, files));
  await timed(log, 'visits', () => loadVisits(ingest, staged));
  await timed(log, 'diagnoses and procedures', () => loadCodeTables(ingest, staged));
  await timed(log, 'medications', () => loadDrugs(ingest, staged));
  if (files.note) await timed(log, 'notes', () => loadOmopNotes(ingest, files.note!));
  await loadTitles(connection, sql.titlesSql);
}

/** Without a vocabulary nothing says which system a code is of. */
function expectSystems({ config: { systems }, coverage }: Ingest, { concept, procedure_occurrence, condition_occurrence }: OmopFiles): void {
  if (concept) return;
  if (!systems.dx) {
    throw dataError(`${condition_occurrence!.files[0]}: nothing says which code system condition_source_value is in, since there is no table concept; add the vocabulary ` +
      '(CONCEPT.csv from athena.ohdsi.org, beside the tables or ingest.omop.vocabulary), or name the system: --set ingest.systems.dx=icd10cm');
  }
  coverage.notices.push(`concept: no such table; diagnoses are the source values, as codes of ${systems.dx}; drugs are mapped by their names and NDC; observations are not searched`);
  if (procedure_occurrence && !systems.px) coverage.notices.push('procedure_occurrence: goes unused, since nothing says which code system procedure_source_value is in (--set ingest.systems.px=icd10pcs)');
}

function noteMissing({ coverage }: Ingest, files: OmopFiles): void {
  for (const table of ['procedure_occurrence', 'drug_exposure', 'death', 'note'] as const) {
    if (!files[table]) coverage.notices.push(`${table}: no such table; the store goes without it`);
  }
}

async function stageTables(ingest: Ingest, files: OmopFiles): Promise<Staged> {
  const staged: Staged = {};
  for (const table of Object.keys(tables) as TableName[]) {
    if (files[table]) staged[table] = await stageTable(ingest, table, { files: files[table], columns: tables[table].columns });
  }
  return staged;
}

const codeTablesOf = (staged: Staged): TableName[] => CODE_TABLES.filter((table) => staged[table]);

const conceptColumns = (staged: Staged): string[] => [
  ...[...codeTablesOf(staged), ...(staged.drug_exposure ? ['drug_exposure' as const] : [])].flatMap((table) => [`select concept_id from ${table}`, `select source_concept_id from ${table}`]),
  ...['visit_concept_id', 'discharged_to_concept_id', 'discharge_to_concept_id'].map((column) => `select ${column} from visit_occurrence`),
];

/** Adds an entry a file; `keptOf` and the rest count the records of one file, given as an SQL literal. */
async function pushFiles({ connection, coverage }: Ingest, staged: StagedFile[], countsOf: (file: string) => Promise<Partial<FileCoverage>>): Promise<void> {
  for (const { file, records } of staged) {
    const counts = await countsOf(sqlString(file));
    const rejected = await queryNumber(connection, `select count(*) from rejects where file = ${sqlString(file)}`);
    coverage.files.push({ file, records, kept: 0, merged: 0, rejected, set_aside: {}, ...counts });
  }
}

async function loadVisits(ingest: Ingest, staged: Staged): Promise<void> {
  const { connection, config, coverage } = ingest;
  await connection.run(sql.checkVisitsSql);
  await connection.run(sql.visitsSql(config.omop, Boolean(staged.death)));
  const others = await queryRows<{ visit_concept_id: number | null; name: string | null; rows: number }>(connection, `
    select visit_concept_id, name, count(*) as rows from visit_occurrence left join concepts on concept_id = visit_concept_id
    where visit_concept_id is null or visit_concept_id not in (${config.omop.visit_concepts.join(', ')}) group by visit_concept_id, name order by rows desc, visit_concept_id limit 8`);
  const shown = others.map(({ visit_concept_id, name, rows }) => `${visit_concept_id ?? 'none'}${name ? ` ${name}` : ''} (${rows.toLocaleString('en-US')})`).join(', ');
  if (!await queryNumber(connection, 'select count(*) from visits')) {
    throw dataError(`${staged.visit_occurrence![0]!.file}: no visit has a visit_concept_id of ingest.omop.visit_concepts (${config.omop.visit_concepts.join(', ')}); there are ${shown || 'no usable visits'}`);
  }
  if (shown) coverage.notices.push(`visit_occurrence: other kinds of visit are left out: ${shown}; ingest.omop.visit_concepts says which are admissions`);
  await countQuirks(ingest);
  const number = (query: string): Promise<number> => queryNumber(connection, query);
  await pushFiles(ingest, staged.visit_occurrence!, async (file) => {
    const kept = await number(`select count(*) from checked_visits c where file = ${file} and copy = 1 and exists (select 1 from visits v where v.visit_id = c.visit_occurrence_id::varchar)`);
    const sound = await number(`select count(*) from checked_visits where file = ${file} and (file, line) not in (select (file, line) from rejects)`);
    return { kept, set_aside: { other_kinds: sound - kept } };
  });
  for (const table of ['person', 'death'] as const) {
    if (staged[table]) await pushFiles(ingest, staged[table], async (file) => personCounts(ingest, table, file));
  }
}

async function personCounts({ connection }: Ingest, table: string, file: string): Promise<Partial<FileCoverage>> {
  const rows = await queryNumber(connection, `select count(*) from ${table} where file = ${file}`);
  const kept = await queryNumber(connection, `select count(distinct person_id) from ${table} where file = ${file} and person_id::varchar in (select patient_id from visits)`);
  const wanted = await queryNumber(connection, `select count(*) from ${table} where file = ${file} and person_id::varchar in (select patient_id from visits)`);
  return { kept, merged: wanted - kept, set_aside: { without_admission: rows - wanted } };
}

async function countQuirks({ connection, coverage }: Ingest): Promise<void> {
  const [quirks] = await queryRows<Record<string, number>>(connection, `
    select count(*) filter (discharged_at < admitted_at) as discharge_before_admission, count(*) filter (discharged_at is null) as visits_without_discharge,
      count(*) filter (age is null) as visits_without_age from visits`);
  for (const [name, count] of Object.entries(quirks ?? {})) if (count) coverage.quirks[name] = count;
}

async function loadCodeTables(ingest: Ingest, staged: Staged): Promise<void> {
  const { connection, config: { systems, omop }, coverage } = ingest;
  const hasVocabulary = await queryNumber(connection, 'select count(*) from concepts') > 0;
  const names = codeTablesOf(staged);
  const used = names.filter((table) => table !== 'procedure_occurrence' || hasVocabulary || systems.px);
  await connection.run(sql.codeEventsSql(used, { systems, standard: omop.standard_concepts }));
  await connection.run(sql.placeCodesSql);
  const counts = await loadCodes(connection);
  if (!await queryNumber(connection, "select count(*) from codes where kind = 'dx'")) {
    throw dataError(`${staged.condition_occurrence![0]!.file}: no row gives a diagnosis of an admission: the vocabulary knows neither the source concepts nor the standard concepts of any; is it the vocabulary of this data?`);
  }
  const ambiguous = await queryNumber(connection, 'select count(*) from placed where is_ambiguous and visit_id is not null');
  if (ambiguous) coverage.quirks.standard_concepts_with_several_icd10cm_codes = ambiguous;
  for (const table of names) {
    await pushFiles(ingest, staged[table]!, async (file) => {
      const { kept, merged } = counts.find((count) => sqlString(count.file) === file) ?? { kept: 0, merged: 0 };
      const rows = await queryNumber(connection, `select count(*) from ${table} where file = ${file}`);
      const coded = used.includes(table) ? await queryNumber(connection, `select count(*) from code_events where file = ${file}`) : 0;
      const outside = used.includes(table) ? await queryNumber(connection, `select count(*) from placed where file = ${file} and visit_id is null`) : 0;
      return { kept, merged, set_aside: { ...(outside && { outside_visits: outside }), ...(rows - coded && { no_icd_code: rows - coded }) } };
    });
  }
}

async function loadDrugs(ingest: Ingest, { drug_exposure }: Staged): Promise<void> {
  if (!drug_exposure) return;
  const { connection, config, coverage } = ingest;
  await connection.run(sql.placeDrugsSql);
  const mapper = await createDrugMapper({ tables: config.drug_tables, rxnormDir: config.rxnorm });
  const { mapped, set_aside, drugs } = await loadMedications(connection, mapper);
  coverage.drugs = drugs;
  const outside_visits = await queryNumber(connection, 'select count(*) from placed_drugs where visit_id is null');
  const [first, ...others] = drug_exposure as [StagedFile, ...StagedFile[]];
  const records = drug_exposure.reduce((sum, part) => sum + part.records, 0);
  const files = drug_exposure.map(({ file }) => sqlString(file)).join(', ');
  const rejected = await queryNumber(connection, `select count(*) from rejects where file in (${files})`);
  const parts = others.length ? ` and ${others.length} more` : '';
  coverage.files.push({ file: `${first.file}${parts}`, records, kept: mapped, merged: 0, rejected, set_aside: { ...set_aside, ...(outside_visits && { outside_visits }) } });
}
