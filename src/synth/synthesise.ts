/** Writes a synthetic MIMIC: patients are drawn one after the other and streamed to the tables and the ceiling. */
import path from 'node:path';
import { createRng } from '../core/rng.js';
import { createScorer, scorePatient } from './bayes/scores.js';
import { openCeiling, type CeilingWriter } from './ceiling.js';
import { FIRST_IDS, type Emit, type MimicFormat } from './formats/format.js';
import { openTable, type TableWriter } from './formats/table-writer.js';
import { icd10Share } from './sample/calendar.js';
import { drawPatient, type SampledPatient } from './sample/patient.js';
import { writeNote } from './note/write.js';
import { hospitalWorld } from './world/hospital.js';
import type { World } from './world/types.js';

export interface SynthOptions {
  format: MimicFormat;
  patients: number;
  seed: number;
  gzip: boolean;
  /** Length of a note in words; notes with more to tell are longer. */
  noteWords: number;
  /** Lists the prescribed drugs in the note; the ceiling does not hold then, and is left out. */
  listMedications: boolean;
  /** Write the Bayes-optimal scores. */
  ceiling: boolean;
  /** Stops between patients when aborted. */
  signal?: AbortSignal;
  onProgress?: (patients: number) => void;
}

export interface SynthSummary {
  patients: number;
  visits: number;
  diagnoses: number;
  prescriptions: number;
  /** Discharges alive, and those followed by an admission within 30 days. */
  discharges: number;
  readmissions: number;
  /** Patients with two visits or more. */
  multi_visit_patients: number;
}

const YEAR = 365.25 * 24 * 60 * 60 * 1000;

interface PatientRequest {
  options: SynthOptions;
  world: World;
  patient: SampledPatient;
  subjectId: number;
  firstHadmId: number;
  emit: Emit;
}

/** Writes the tables' rows of a patient. */
function emitPatient({ options, world, patient, subjectId, firstHadmId, emit }: PatientRequest): void {
  const { format, seed, noteWords, listMedications } = options;
  format.emitPatient(patient, { subjectId }, emit);
  const rng = createRng(seed, 'rows', patient.index);
  for (const visit of patient.visits) {
    const age = patient.age + Math.floor((visit.admittedAt - patient.visits[0]!.admittedAt) / YEAR);
    const style = { blank: format.blank, words: noteWords, icd10: format.hasIcd10 && visit.icd10, listMedications };
    const note = writeNote({ patient, visit, age, style, rng: rng.split('note', visit.sequence) });
    format.emitVisit({ world, patient, visit, subjectId, hadmId: firstHadmId + visit.sequence, note, rng: rng.split('visit', visit.sequence) }, emit);
  }
}

function openTables(dir: string, { format, gzip }: SynthOptions): Map<string, TableWriter> {
  return new Map(Object.entries(format.tables).map(([name, { path: file, header }]) =>
    [name, openTable(path.join(dir, `${file}.csv`), { header, gzip, quoteText: format.quoteText })]));
}

/** The scores of patients one by one, or nothing where the ceiling is not wanted. */
function ceilingOf(dir: string, world: World, { ceiling, listMedications, format }: SynthOptions): { writer: CeilingWriter; score: (patient: SampledPatient, firstHadmId: number) => void } | undefined {
  if (!ceiling || listMedications) return undefined;
  const writer = openCeiling(dir);
  const scorer = createScorer(world, format.hasIcd10 ? icd10Share(world) : 0);
  return {
    writer,
    score: (patient, firstHadmId) => scorePatient(scorer, patient).forEach((scores, at) => writer.visit(String(firstHadmId + at), scores)),
  };
}

function count(summary: SynthSummary, { visits }: SampledPatient): void {
  summary.patients += 1;
  summary.visits += visits.length;
  summary.multi_visit_patients += visits.length > 1 ? 1 : 0;
  for (const visit of visits) {
    summary.diagnoses += visit.states.filter((state) => state > 0).length;
    summary.prescriptions += visit.drugs.filter((drug) => drug !== null).length;
    summary.discharges += visit.died ? 0 : 1;
    summary.readmissions += visit.readmitted ? 1 : 0;
  }
}

/**
 * Writes the tables of a MIMIC format, and the ceiling, below `dir`. Equal options give equal bytes.
 * @returns counts of what was written; fewer patients than asked for when aborted.
 */
export async function synthesise(dir: string, options: SynthOptions): Promise<SynthSummary> {
  const world = hospitalWorld();
  const tables = openTables(dir, options);
  const emit: Emit = (table, cells) => tables.get(table)!.row(cells);
  const ceiling = ceilingOf(dir, world, options);
  const summary: SynthSummary = { patients: 0, visits: 0, diagnoses: 0, prescriptions: 0, discharges: 0, readmissions: 0, multi_visit_patients: 0 };
  const first = FIRST_IDS[options.format.name];
  const root = createRng(options.seed, 'synth');
  options.format.emitDictionaries(world, emit);
  for (let index = 0; index < options.patients && !options.signal?.aborted; index++) {
    const patient = drawPatient(world, index, root);
    const firstHadmId = first.admission + summary.visits;
    emitPatient({ options, world, patient, subjectId: first.subject + index, firstHadmId, emit });
    ceiling?.score(patient, firstHadmId);
    count(summary, patient);
    options.onProgress?.(summary.patients);
    for (const table of [...tables.values(), ...(ceiling ? [ceiling.writer] : [])]) await table.drain();
  }
  for (const table of tables.values()) await table.close();
  await ceiling?.writer.close();
  return summary;
}
