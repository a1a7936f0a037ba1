/** What a MIMIC format is to the generator: the tables it has and the rows a patient becomes. */
import type { Rng } from '../../core/rng.js';
import type { SampledPatient, SampledVisit } from '../sample/patient.js';
import type { World } from '../world/types.js';
import type { Cell } from './table-writer.js';

/** Rows for a table, in the order of its header. */
export type Emit = (table: string, cells: readonly Cell[]) => void;

export interface MimicFormat {
  name: 'mimic3' | 'mimic4';
  /** Path of each table below the output directory, without `.csv`, and its columns. */
  tables: Readonly<Record<string, { path: string; header: readonly string[] }>>;
  quoteText: boolean;
  /** MIMIC-III is coded in ICD-9 throughout. */
  hasIcd10: boolean;
  /** What de-identification leaves in the text. */
  blank: (rng: Rng) => string;
  /** Writes the dictionaries of codes. */
  emitDictionaries: (world: World, emit: Emit) => void;
  /** Writes the rows of a patient (not those of the visits), and of a visit. */
  emitPatient: (patient: SampledPatient, ids: { subjectId: number }, emit: Emit) => void;
  emitVisit: (visit: VisitToWrite, emit: Emit) => void;
}

export interface VisitToWrite {
  world: World;
  patient: SampledPatient;
  visit: SampledVisit;
  subjectId: number;
  /** The admission's id, which `ingest` makes the visit id. */
  hadmId: number;
  note: string;
  rng: Rng;
}

/** First ids, so that they look like those of the real tables. */
export const FIRST_IDS = { mimic3: { subject: 1, admission: 100_001 }, mimic4: { subject: 10_000_001, admission: 20_000_001 } } as const;

/** `2150-03-04 05:06:07` */
export const timestamp = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** `2150-03-04 00:00:00`, as MIMIC-III writes days. */
export const midnight = (time: number): string => `${timestamp(time).slice(0, 10)} 00:00:00`;

/** `2150-03-04` */
export const day = (time: number): string => timestamp(time).slice(0, 10);

export const yearOf = (time: number): number => new Date(time).getUTCFullYear();

/** Codes lose their dot in MIMIC. */
export const undotted = (code: string): string => code.replace('.', '');

export const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.integer(items.length)]!;

/** The diagnoses of a visit in random order: order tells nothing. */
export function diagnosisCodes({ world, visit, rng }: VisitToWrite, system: 'icd9' | 'icd10'): string[] {
  const codes = [...visit.states].flatMap((state, disease) => (state > 0 ? [world.diseases[disease]!.variants[state - 1]![system][0]] : []));
  return rng.split('order').shuffle(codes).map(undotted);
}

/** Every code of the world with its title, once. */
export function titledCodes(world: World, kind: 'diseases' | 'procedures', system: 'icd9' | 'icd10'): [code: string, title: string][] {
  const entries = kind === 'diseases' ? world.diseases.flatMap(({ variants }) => variants) : world.procedures;
  return [...new Map(entries.map((entry) => [undotted(entry[system][0]), entry[system][1]] as const))].sort(([a], [b]) => (a < b ? -1 : 1));
}
