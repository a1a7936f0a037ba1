/** MIMIC-IV tables (v2.2 columns): hosp/ and note/, lower-case headers, ICD-9 and ICD-10 by visit. */
import type { SampledPatient } from '../sample/patient.js';
import type { World } from '../world/types.js';
import { day, diagnosisCodes, pick, timestamp, titledCodes, undotted, yearOf, type Emit, type MimicFormat, type VisitToWrite } from './format.js';
import { prescriptionRows } from './prescriptions.js';

const columns = (names: string): string[] => names.split(' ');

const TABLES = {
  patients: { path: 'hosp/patients', header: columns('subject_id gender anchor_age anchor_year anchor_year_group dod') },
  admissions: { path: 'hosp/admissions', header: columns('subject_id hadm_id admittime dischtime deathtime admission_type admit_provider_id admission_location discharge_location insurance language marital_status race edregtime edouttime hospital_expire_flag') },
  diagnoses: { path: 'hosp/diagnoses_icd', header: columns('subject_id hadm_id seq_num icd_code icd_version') },
  procedures: { path: 'hosp/procedures_icd', header: columns('subject_id hadm_id seq_num chartdate icd_code icd_version') },
  prescriptions: { path: 'hosp/prescriptions', header: columns('subject_id hadm_id pharmacy_id poe_id poe_seq order_provider_id starttime stoptime drug_type drug formulary_drug_cd gsn ndc prod_strength form_rx dose_val_rx dose_unit_rx form_val_disp form_unit_disp doses_per_24_hrs route') },
  diagnosisTitles: { path: 'hosp/d_icd_diagnoses', header: columns('icd_code icd_version long_title') },
  procedureTitles: { path: 'hosp/d_icd_procedures', header: columns('icd_code icd_version long_title') },
  notes: { path: 'note/discharge', header: columns('note_id subject_id hadm_id note_type note_seq charttime storetime text') },
} as const;

/** Oldest age that is written; older patients share it. */
const AGE_CAP = 91;
const HOUR = 60 * 60 * 1000;

function anchorGroup(startedAt: number): string {
  const first = 2008 + 3 * Math.floor((yearOf(startedAt) - 2008) / 3);
  return `${first} - ${first + 2}`;
}

function emitPatient(patient: SampledPatient, { subjectId }: { subjectId: number }, emit: Emit): void {
  const first = patient.visits[0]!;
  const last = patient.visits.at(-1)!;
  emit('patients', [subjectId, patient.sex, Math.min(patient.age, AGE_CAP), yearOf(first.admittedAt), anchorGroup(patient.startedAt), last.died ? day(last.dischargedAt) : null]);
}

function emitAdmission({ visit, subjectId, hadmId, rng: root }: VisitToWrite, emit: Emit): void {
  const rng = root.split('admission');
  const types = visit.isReadmission ? ['EW EMER.', 'URGENT', 'DIRECT EMER.'] : ['EW EMER.', 'URGENT', 'OBSERVATION ADMIT', 'ELECTIVE', 'SURGICAL SAME DAY ADMISSION'];
  const type = pick(rng, types);
  const emergency = type === 'EW EMER.';
  emit('admissions', [
    subjectId, hadmId, timestamp(visit.admittedAt), timestamp(visit.dischargedAt), visit.died ? timestamp(visit.dischargedAt) : null, type, `P${10 + rng.integer(89)}AB`,
    emergency ? 'EMERGENCY ROOM' : 'PHYSICIAN REFERRAL', visit.died ? 'DIED' : pick(rng, ['HOME', 'HOME HEALTH CARE', 'SKILLED NURSING FACILITY', 'REHAB']),
    pick(rng, ['Medicare', 'Medicaid', 'Other']), pick(rng, ['ENGLISH', 'ENGLISH', '?']), pick(rng, ['MARRIED', 'SINGLE', 'WIDOWED', '']), pick(rng, ['WHITE', 'BLACK/AFRICAN AMERICAN', 'ASIAN', 'OTHER', 'UNKNOWN']),
    emergency ? timestamp(visit.admittedAt - 4 * HOUR) : null, emergency ? timestamp(visit.admittedAt + HOUR) : null, visit.died ? 1 : 0,
  ]);
}

function emitCodes(request: VisitToWrite, emit: Emit): void {
  const { world, visit, subjectId, hadmId } = request;
  const [system, version] = visit.icd10 ? ['icd10' as const, 10] : ['icd9' as const, 9];
  diagnosisCodes(request, system).forEach((code, at) => emit('diagnoses', [subjectId, hadmId, at + 1, code, version]));
  visit.procedures.forEach((procedure, at) =>
    emit('procedures', [subjectId, hadmId, at + 1, day(visit.admittedAt), undotted(world.procedures[procedure]![system][0]), version]));
}

function emitPrescriptions(request: VisitToWrite, emit: Emit): void {
  const { subjectId, hadmId } = request;
  prescriptionRows(request).forEach((row, at) => emit('prescriptions', [
    subjectId, hadmId, hadmId * 10 + at, `${subjectId}-${at + 1}`, at + 1, null, timestamp(row.startedAt), row.stoppedAt === null ? null : timestamp(row.stoppedAt), row.kind, row.name,
    row.formularyCode, row.gsn, row.ndc, row.strength, null, row.dose, row.unit, '1', row.unit, 1, row.route,
  ]));
}

function emitVisit(request: VisitToWrite, emit: Emit): void {
  const { visit, subjectId, hadmId, note } = request;
  emitAdmission(request, emit);
  emitCodes(request, emit);
  emitPrescriptions(request, emit);
  emit('notes', [`${subjectId}-DS-${visit.sequence + 1}`, subjectId, hadmId, 'DS', visit.sequence + 1, timestamp(visit.dischargedAt), timestamp(visit.dischargedAt + 6 * HOUR), note]);
}

function emitDictionaries(world: World, emit: Emit): void {
  for (const [system, version] of [['icd9', 9], ['icd10', 10]] as const) {
    for (const [code, title] of titledCodes(world, 'diseases', system)) emit('diagnosisTitles', [code, version, title]);
    for (const [code, title] of titledCodes(world, 'procedures', system)) emit('procedureTitles', [code, version, title]);
  }
}

export const mimic4: MimicFormat = { name: 'mimic4', tables: TABLES, quoteText: false, hasIcd10: true, blank: () => '___', emitDictionaries, emitPatient, emitVisit };
