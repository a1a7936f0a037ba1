/** The one division of visits into train, dev and test: by patient, as the source or a paper publishes it, or (leaking, to reproduce released code) by visit. */
import fs from 'node:fs';
import { canonicalJson, sha256 } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import { createRng } from '../core/rng.js';
import { splitNames, type SplitConfig, type SplitName } from './config.js';
import { stratify } from './stratify.js';

export interface SplitVisit {
  visit_id: string;
  patient_id: string;
  /** `train`, `dev`, `test` or `background` where the source has an official split. */
  source_split: string | null;
}

/** Visits of the source's unlabelled part serve pre-training only. */
export const isLabelled = (visit: SplitVisit): boolean => visit.source_split !== 'background';

export interface SplitAssignment {
  /** Visit → split; visits left out because of the overlap rule are absent. */
  splitOf: Map<string, SplitName>;
  /** Patients in more than one split (`by: visit`), or in more than one official split. */
  overlappingPatients: number;
  /** Training visits left out because of them. */
  droppedVisits: number;
  /** Visits left out because no list names them (`by: list`). */
  unlistedVisits?: number;
  /** Ids in the lists that no visit of the cohort has. */
  unusedIds?: number;
}

/** What some splits need beside the visits. */
export interface SplitMaterial {
  /** `by: list`: id of a visit or a patient → split. */
  listed?: ReadonlyMap<string, SplitName>;
  /** `by: stratified`: visit → its diagnoses and procedures. */
  codesOf?: ReadonlyMap<string, readonly string[]>;
}

function byPatient(visits: readonly SplitVisit[]): Map<string, SplitVisit[]> {
  const patients = new Map<string, SplitVisit[]>();
  for (const visit of visits) {
    const own = patients.get(visit.patient_id);
    if (own) own.push(visit);
    else patients.set(visit.patient_id, [visit]);
  }
  return patients;
}

/** How many of `count` patients a share amounts to; at least one where there are enough for each split to have one. */
const shareOf = (count: number, share: number): number => (share > 0 && count >= splitNames.length ? Math.max(1, Math.round(count * share)) : Math.round(count * share));

/** Draws test, then dev, by ratio. @param ids of patients or of visits, in any order; what is drawn is named in the generator */
function drawHeldOut(ids: readonly string[], config: SplitConfig, drawn: 'patients' | 'visits'): Map<string, SplitName> {
  const order = createRng(config.seed).split(drawn).shuffle([...ids].sort());
  const test = shareOf(order.length, config.test);
  const dev = shareOf(order.length, config.dev);
  return new Map(order.slice(0, test + dev).map((id, i) => [id, i < test ? 'test' : 'dev']));
}

/** Patients without any labelled visit all serve training, so that dev and test hold what they are asked to. */
function drawPatients(visits: readonly SplitVisit[], config: SplitConfig): SplitAssignment {
  const labelled = [...byPatient(visits)].filter(([, own]) => own.some(isLabelled)).map(([id]) => id);
  const heldOut = drawHeldOut(labelled, config, 'patients');
  const splitOf = new Map(visits.map((visit) => [visit.visit_id, heldOut.get(visit.patient_id) ?? 'train'] as const));
  return { splitOf, overlappingPatients: 0, droppedVisits: 0 };
}

/** Patients such that each code has its share of patients in every split, as Edin et al. 2023 divide MIMIC. */
function stratifyPatients(visits: readonly SplitVisit[], config: SplitConfig, codesOf: NonNullable<SplitMaterial['codesOf']>): SplitAssignment {
  const patients = [...byPatient(visits)].filter(([, own]) => own.some(isLabelled)).sort(([a], [b]) => (a < b ? -1 : 1));
  const labels = patients.map(([, own]) => own.filter(isLabelled).flatMap(({ visit_id }) => codesOf.get(visit_id) ?? []));
  const parts = stratify({ labels, shares: splitNames.map((name) => config[name]), seed: config.seed });
  const ofPatient = new Map(patients.map(([id], i) => [id, splitNames[parts[i]!]!]));
  return { splitOf: new Map(visits.map((visit) => [visit.visit_id, ofPatient.get(visit.patient_id) ?? 'train'] as const)), overlappingPatients: 0, droppedVisits: 0 };
}

/** As published lists say; what no list names has no split. @throws data error when they name no visit of the cohort */
function listedSplits(visits: readonly SplitVisit[], { lists }: SplitConfig, listed: ReadonlyMap<string, SplitName>): Pick<SplitAssignment, 'splitOf' | 'unlistedVisits' | 'unusedIds'> {
  const idOf = (visit: SplitVisit): string => (lists.unit === 'patient' ? visit.patient_id : visit.visit_id);
  const found = visits.filter((visit) => listed.has(idOf(visit)));
  if (!found.length) throw dataError(`prepare.split.lists: none of the ${listed.size} ids is a ${lists.unit} of the cohort (e.g. ${[...listed.keys()][0]}, and there ${idOf(visits[0]!)}); check the source and lists.unit`);
  const used = new Set(found.map(idOf));
  return { splitOf: new Map(found.map((visit) => [visit.visit_id, listed.get(idOf(visit))!])), unlistedVisits: visits.length - found.length, unusedIds: listed.size - used.size };
}

/** By admission, as the code released with MedM-PLM: a patient's visits fall on both sides. */
function drawVisits(visits: readonly SplitVisit[], config: SplitConfig): SplitAssignment {
  const heldOut = drawHeldOut(visits.filter(isLabelled).map((visit) => visit.visit_id), config, 'visits');
  const splitOf = new Map(visits.map(({ visit_id }) => [visit_id, heldOut.get(visit_id) ?? 'train'] as const));
  return { splitOf, overlappingPatients: patientsInSeveral(splitOf, visits).length, droppedVisits: 0 };
}

/** Patients with visits in more than one split. */
const patientsInSeveral = (splitOf: ReadonlyMap<string, SplitName>, visits: readonly SplitVisit[]): SplitVisit[][] =>
  [...byPatient(visits).values()].filter((own) => new Set(own.map((visit) => splitOf.get(visit.visit_id))).size > 1);

function officialSplit(visit: SplitVisit, config: SplitConfig): SplitName {
  const source = visit.source_split === 'background' ? 'train' : splitNames.find((name) => name === visit.source_split);
  if (!source) throw dataError(`visits.parquet: visit ${visit.visit_id} has no official split (train, dev, test or background); use prepare.split.by=patient`);
  return config.rename[source] ?? source;
}

/** Settles patients who are in several splits. @returns patients, and visits left out */
function settleOverlap(splitOf: Map<string, SplitName>, visits: readonly SplitVisit[], config: SplitConfig): Omit<SplitAssignment, 'splitOf'> {
  const patients = patientsInSeveral(splitOf, visits);
  if (patients.length && config.on_overlap === 'error') {
    throw dataError(
      `visits.parquet: ${patients.length} patients are in more than one ${config.by === 'list' ? 'list' : 'official split'}, so test patients would be trained on; ` +
        'set prepare.split.on_overlap to drop-train (leave out their training visits) or keep',
    );
  }
  if (config.on_overlap !== 'drop-train') return { overlappingPatients: patients.length, droppedVisits: 0 };
  const dropped = patients.flatMap((own) => own.filter((visit) => splitOf.get(visit.visit_id) === 'train'));
  for (const visit of dropped) splitOf.delete(visit.visit_id);
  return { overlappingPatients: patients.length, droppedVisits: dropped.length };
}

/** Moves a share of the patients whose visits are all in training, some of them labelled, to dev. */
function moveToDev(splitOf: Map<string, SplitName>, visits: readonly SplitVisit[], config: SplitConfig): void {
  const patients = byPatient(visits.filter((visit) => splitOf.has(visit.visit_id)));
  const movable = [...patients].filter(([, own]) => own.some(isLabelled) && own.every((visit) => splitOf.get(visit.visit_id) === 'train'));
  const ids = createRng(config.seed).split('dev from train').shuffle(movable.map(([id]) => id).sort());
  for (const id of ids.slice(0, Math.round(ids.length * config.dev_from_train))) {
    for (const visit of patients.get(id)!) splitOf.set(visit.visit_id, 'dev');
  }
}

/**
 * @param visits every visit of the cohort
 * @throws data error when a visit has no official split, or a patient is in several, and the configuration does not allow it
 */
export function assignSplits(visits: readonly SplitVisit[], config: SplitConfig, { listed = new Map(), codesOf = new Map() }: SplitMaterial = {}): SplitAssignment {
  if (config.by === 'patient') return drawPatients(visits, config);
  if (config.by === 'stratified') return stratifyPatients(visits, config, codesOf);
  if (config.by === 'visit') return drawVisits(visits, config);
  const published = config.by === 'list' ? listedSplits(visits, config, listed) : { splitOf: new Map(visits.map((visit) => [visit.visit_id, officialSplit(visit, config)] as const)) };
  const placed = visits.filter((visit) => published.splitOf.has(visit.visit_id));
  const overlap = settleOverlap(published.splitOf, placed, config);
  moveToDev(published.splitOf, placed, config);
  return { ...published, ...overlap };
}

export interface SplitManifest {
  split_id: string;
  /** Patient → split, where all visits of the patient are in one. */
  patients: Record<string, SplitName>;
  /** Visit → split, for the visits of patients who are in several (`on_overlap: keep`, `by: visit`). */
  visits: Record<string, SplitName>;
}

type SplitContent = Omit<SplitManifest, 'split_id'>;

/** What names a split: the same visits divided in the same way have the same id. */
export const splitIdOf = ({ patients, visits }: SplitContent): string => sha256(canonicalJson({ patients, visits })).slice(0, 16);

/** Reads a split.json. @throws data error when it is missing or no split */
export function readSplit(file: string): SplitManifest {
  let split: SplitManifest;
  try {
    split = JSON.parse(fs.readFileSync(file, 'utf8')) as SplitManifest;
  } catch (cause) {
    throw dataError(`${file}: cannot be read as a split; write it again with \`medweave prepare --force\``, cause);
  }
  const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null;
  if (!isTable(split) || !isTable(split.patients) || !isTable(split.visits)) throw dataError(`${file}: expected { split_id, patients, visits }; write it again with \`medweave prepare --force\``);
  return split;
}

/** The content of split.json. */
export function splitManifest(visits: readonly SplitVisit[], { splitOf }: SplitAssignment): SplitManifest {
  const content: SplitContent = { patients: {}, visits: {} };
  const kept = visits.filter((visit) => splitOf.has(visit.visit_id));
  for (const [patient, own] of [...byPatient(kept)].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const splits = own.map((visit) => splitOf.get(visit.visit_id)!);
    if (splits.every((split) => split === splits[0])) content.patients[patient] = splits[0]!;
    else own.forEach((visit, i) => (content.visits[visit.visit_id] = splits[i]!));
  }
  return { split_id: splitIdOf(content), ...content };
}
