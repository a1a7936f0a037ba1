/** Records as JSON, checked field by field: what the server takes, and a line of `medweave predict --records`. */
import { z } from 'zod';
import type { ClinicalRecord, GivenCode, VisitRecord } from './predictor.js';

/** Codes of a visit, visits of a past, and letters of a code: beyond what any hospital stay has. */
const MAX_CODES = 1000;
const MAX_HISTORY = 200;
const MAX_CODE_LENGTH = 64;

/** `system:code`. */
const CODE_STRING = /^[A-Za-z][A-Za-z0-9_.-]*:[^\s:][^:]*$/;

const EXPECTED_CODE = 'expected a code as "system:code", e.g. "icd10cm:E11.9", or as {"system", "code", "kind"?} with kind one of dx, px, rx';

const givenCode = z.union(
  [
    z.string().max(2 * MAX_CODE_LENGTH).regex(CODE_STRING, EXPECTED_CODE).describe('`system:code`, e.g. `icd10cm:E11.9`.'),
    z.strictObject({ system: z.string().min(1).max(MAX_CODE_LENGTH), code: z.string().min(1).max(MAX_CODE_LENGTH), kind: z.enum(['dx', 'px', 'rx']).nullish() }),
  ],
  { error: EXPECTED_CODE },
);

const visitFields = {
  text: z.string().nullish().describe('The note, raw. Offsets in answers count its Unicode code points.'),
  codes: z.array(givenCode).max(MAX_CODES).nullish().describe('What is known of the visit already: medications, procedures, diagnoses.'),
};

export const recordFields = {
  ...visitFields,
  history: z.array(z.strictObject(visitFields)).max(MAX_HISTORY).nullish().describe('The patient\'s past visits, oldest first.'),
  id: z.union([z.string().max(200), z.number()], { error: 'expected a string of at most 200 characters, or a number' }).nullish().describe('The client\'s name for the record; comes back with its answer.'),
};

/** For messages. */
export const RECORD_FIELDS = 'text, codes, history, id';

export const recordSchema = z.strictObject(recordFields).describe('One visit. Fields that are null or NaN are absent; there must be a text, codes or a past.');

export type RecordInput = z.output<typeof recordSchema>;
type VisitInput = Pick<RecordInput, 'text' | 'codes'>;

/** Fields that are null or empty are absent. */
export function clinicalRecord({ id, history, ...visit }: RecordInput): ClinicalRecord {
  return { ...visitRecord(visit), ...(history?.length && { history: history.map(visitRecord) }), ...(id !== null && id !== undefined && { id: String(id) }) };
}

/** Whether there is nothing to predict from. */
export const isEmptyRecord = ({ text, codes, history }: ClinicalRecord): boolean => !text?.trim() && !codes?.length && !history?.length;

function visitRecord({ text, codes }: VisitInput): VisitRecord {
  // A half of a surrogate pair is no character: tokenizers refuse it. One code point stays one code point.
  return { ...(text && { text: text.replace(/\p{Surrogate}/gu, '\uFFFD') }), ...(codes?.length && { codes: codes.map(codeOf) }) };
}

function codeOf(given: NonNullable<VisitInput['codes']>[number]): GivenCode {
  if (typeof given !== 'string') return { system: given.system, code: given.code, ...(given.kind && { kind: given.kind }) };
  const colon = given.indexOf(':');
  return { system: given.slice(0, colon), code: given.slice(colon + 1) };
}
