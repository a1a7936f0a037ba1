/** MIMIC-III tables (v1.4 columns): upper-case names and headers, quoted texts, ICD-9 throughout, days at midnight. */
import type { SampledPatient } from '../sample/patient.js';
import { DAY } from '../sample/calendar.js';
import type { World } from '../world/types.js';
import { day, diagnosisCodes, midnight, pick, timestamp, titledCodes, undotted, type Emit, type MimicFormat, type VisitToWrite } from './format.js';
import { prescriptionRows } from './prescriptions.js';

const columns = (names: string): string[] => names.split(' ');

const TABLES = {
  patients: { path: 'PATIENTS', header: columns('ROW_ID SUBJECT_ID GENDER DOB DOD DOD_HOSP DOD_SSN EXPIRE_FLAG') },
  admissions: { path: 'ADMISSIONS', header: columns('ROW_ID SUBJECT_ID HADM_ID ADMITTIME DISCHTIME DEATHTIME ADMISSION_TYPE ADMISSION_LOCATION DISCHARGE_LOCATION INSURANCE LANGUAGE RELIGION MARITAL_STATUS ETHNICITY EDREGTIME EDOUTTIME DIAGNOSIS HOSPITAL_EXPIRE_FLAG HAS_CHARTEVENTS_DATA') },
  diagnoses: { path: 'DIAGNOSES_ICD', header: columns('ROW_ID SUBJECT_ID HADM_ID SEQ_NUM ICD9_CODE') },
  procedures: { path: 'PROCEDURES_ICD', header: columns('ROW_ID SUBJECT_ID HADM_ID SEQ_NUM ICD9_CODE') },
  prescriptions: { path: 'PRESCRIPTIONS', header: columns('ROW_ID SUBJECT_ID HADM_ID ICUSTAY_ID STARTDATE ENDDATE DRUG_TYPE DRUG DRUG_NAME_POE DRUG_NAME_GENERIC FORMULARY_DRUG_CD GSN NDC PROD_STRENGTH DOSE_VAL_RX DOSE_UNIT_RX FORM_VAL_DISP FORM_UNIT_DISP ROUTE') },
  notes: { path: 'NOTEEVENTS', header: columns('ROW_ID SUBJECT_ID HADM_ID CHARTDATE CHARTTIME STORETIME CATEGORY DESCRIPTION CGID ISERROR TEXT') },
  diagnosisTitles: { path: 'D_ICD_DIAGNOSES', header: columns('ROW_ID ICD9_CODE SHORT_TITLE LONG_TITLE') },
  procedureTitles: { path: 'D_ICD_PROCEDURES', header: columns('ROW_ID ICD9_CODE SHORT_TITLE LONG_TITLE') },
} as const;

const SHORT_TITLE_LENGTH = 24;
const YEARS_ADDED_OVER_89 = 300;

/** Row ids count within a visit from its admission id, so that visits can be written without looking back. */
const rowId = (hadmId: number, at: number): number => hadmId * 100 + at;

/** A birthday a month before the first admission, so that the age at admission is right; over 89 it lies 300 years back. */
function birthday({ age, visits }: SampledPatient): string {
  const admitted = new Date(visits[0]!.admittedAt);
  const years = age > 89 ? YEARS_ADDED_OVER_89 : age;
  return midnight(Date.UTC(admitted.getUTCFullYear() - years, admitted.getUTCMonth(), admitted.getUTCDate()) - 30 * DAY);
}

function emitPatient(patient: SampledPatient, { subjectId }: { subjectId: number }, emit: Emit): void {
  const last = patient.visits.at(-1)!;
  const death = last.died ? midnight(last.dischargedAt) : null;
  emit('patients', [subjectId, subjectId, patient.sex, birthday(patient), death, death, null, last.died ? 1 : 0]);
}

function emitAdmission({ visit, subjectId, hadmId, rng: root }: VisitToWrite, emit: Emit): void {
  const rng = root.split('admission');
  const type = pick(rng, visit.isReadmission ? ['EMERGENCY', 'URGENT'] : ['EMERGENCY', 'EMERGENCY', 'URGENT', 'ELECTIVE']);
  emit('admissions', [
    hadmId, subjectId, hadmId, timestamp(visit.admittedAt), timestamp(visit.dischargedAt), visit.died ? timestamp(visit.dischargedAt) : null, type,
    type === 'EMERGENCY' ? 'EMERGENCY ROOM ADMIT' : 'PHYS REFERRAL/NORMAL DELI', visit.died ? 'DEAD/EXPIRED' : pick(rng, ['HOME', 'HOME HEALTH CARE', 'SNF', 'REHAB/DISTINCT PART HOSP']),
    pick(rng, ['Medicare', 'Medicaid', 'Private']), 'ENGL', 'UNOBTAINABLE', pick(rng, ['MARRIED', 'SINGLE', 'WIDOWED']), pick(rng, ['WHITE', 'BLACK/AFRICAN AMERICAN', 'ASIAN', 'UNKNOWN/NOT SPECIFIED']),
    null, null, 'UNDER EVALUATION', visit.died ? 1 : 0, 1,
  ]);
}

function emitCodes(request: VisitToWrite, emit: Emit): void {
  const { world, visit, subjectId, hadmId } = request;
  diagnosisCodes(request, 'icd9').forEach((code, at) => emit('diagnoses', [rowId(hadmId, at), subjectId, hadmId, at + 1, code]));
  visit.procedures.forEach((procedure, at) =>
    emit('procedures', [rowId(hadmId, at), subjectId, hadmId, at + 1, undotted(world.procedures[procedure]!.icd9[0])]));
}

function emitPrescriptions(request: VisitToWrite, emit: Emit): void {
  const { subjectId, hadmId } = request;
  prescriptionRows(request).forEach((row, at) => emit('prescriptions', [
    rowId(hadmId, at), subjectId, hadmId, null, midnight(row.startedAt), row.stoppedAt === null ? null : midnight(row.stoppedAt), row.kind, row.name, row.name, row.name,
    row.formularyCode, row.gsn, row.ndc, row.strength, row.dose, row.unit, '1', row.unit, row.route,
  ]));
}

/** The summary, and at times a nursing note, which a reader of discharge summaries has to leave out. */
function emitNotes({ visit, subjectId, hadmId, note, rng: root }: VisitToWrite, emit: Emit): void {
  const rng = root.split('notes');
  emit('notes', [rowId(hadmId, 0), subjectId, hadmId, day(visit.dischargedAt), null, null, 'Discharge summary', 'Report', null, null, note]);
  if (!rng.bernoulli(0.2)) return;
  const charted = timestamp(visit.admittedAt + DAY / 2);
  emit('notes', [rowId(hadmId, 1), subjectId, hadmId, day(visit.admittedAt), charted, charted, 'Nursing/other', 'Report', 15_000 + rng.integer(900), null, 'Resting quietly.\nNo new events this shift.']);
}

function emitVisit(request: VisitToWrite, emit: Emit): void {
  emitAdmission(request, emit);
  emitCodes(request, emit);
  emitPrescriptions(request, emit);
  emitNotes(request, emit);
}

function emitDictionaries(world: World, emit: Emit): void {
  for (const [table, kind] of [['diagnosisTitles', 'diseases'], ['procedureTitles', 'procedures']] as const) {
    titledCodes(world, kind, 'icd9').forEach(([code, title], at) => emit(table, [at + 1, code, title.slice(0, SHORT_TITLE_LENGTH), title]));
  }
}

export const mimic3: MimicFormat = {
  name: 'mimic3', tables: TABLES, quoteText: true, hasIcd10: false, emitDictionaries, emitPatient, emitVisit,
  blank: (rng) => pick(rng, ['[**Hospital 1**]', '[**2150-7-21**]', '[**Last Name (un) **]', `[**Telephone/Fax (1) ${rng.integer(900)}**]`]),
};
