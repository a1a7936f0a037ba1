/** Requests → records that a model reads, checked field by field. */
import type { z } from 'zod';
import type { ClinicalRecord } from '../../finetune/predictor/index.js';
import { clinicalRecord, isEmptyRecord, RECORD_FIELDS, recordSchema, type RecordInput } from '../../finetune/predictor/record-schema.js';
import { emptyBody } from './json-body.js';
import { DEFAULT_TOP, type Limits } from './limits.js';
import { checked, tooLarge, wrongField, type JsonPath } from './problem.js';
import { explainSchema, invocationParams, invocationSchema } from './schemas.js';

/** What requests are checked against. */
export interface RecordRules {
  limits: Pick<Limits, 'maxText' | 'maxRecords'>;
  /** The model reads past visits, and cannot do without. */
  needsHistory: boolean;
}

export interface ReadRecord {
  record: ClinicalRecord;
  /** As the client gave it. */
  id?: string | number;
}

export interface Invocation {
  records: ReadRecord[];
  top: number;
  /** Instead of the model's own rule. */
  threshold?: number;
  /** Titles and places in the hierarchy are wanted too. */
  describe: boolean;
}

export interface ExplainRequest extends ReadRecord {
  top: number;
}

/** A row of a request, and where it stands. */
interface Row {
  value: unknown;
  path: JsonPath;
}

const FORMS = ['dataframe_records', 'dataframe_split', 'instances'] as const;
const ONE_FORM = `exactly one of ${FORMS.join(', ')}`;

/** @throws Problem 422 for wrong fields, 413 for too much, 400 for no body at all */
export function readInvocation(body: unknown, rules: RecordRules): Invocation {
  const given = checked(invocationSchema, expectBody(body), { path: [], fields: `${ONE_FORM}, and params` });
  const [form, ...others] = FORMS.filter((name) => given[name] !== undefined);
  if (form === undefined || others.length) throw wrongField([], `expected ${ONE_FORM}, each with records of ${RECORD_FIELDS}`);
  const { top, threshold, describe } = given.params ?? invocationParams.parse({});
  const rows = form === 'dataframe_split' ? tableRows(given.dataframe_split!, rules) : listRows(given[form]!, form, rules);
  return { records: rows.map(({ value, path }) => readRow(value, path, rules)), top, describe, ...(threshold !== null && threshold !== undefined && { threshold }) };
}

/** @throws Problem 422 for wrong fields, 413 for too much, 400 for no body at all */
export function readExplain(body: unknown, rules: RecordRules): ExplainRequest {
  const { top, ...record } = checked(explainSchema, expectBody(body), { path: [], fields: `${RECORD_FIELDS}, top` });
  return { ...toRecord(record, [], rules), top: top ?? DEFAULT_TOP };
}

/** A request without a body has no type either, so that nothing has read it. */
function expectBody(body: unknown): unknown {
  if (body === undefined) throw emptyBody();
  return body;
}

function expectFew(count: number, path: JsonPath, { limits: { maxRecords } }: RecordRules): void {
  if (count > maxRecords) throw tooLarge(path, `${count} records; this server takes at most ${maxRecords} a request, send the rest in others`);
}

function listRows(values: readonly unknown[], form: string, rules: RecordRules): Row[] {
  expectFew(values.length, [form], rules);
  return values.map((value, i) => ({ value, path: [form, i] }));
}

function tableRows({ columns, data }: NonNullable<z.output<typeof invocationSchema>['dataframe_split']>, rules: RecordRules): Row[] {
  const path = ['dataframe_split', 'data'];
  expectFew(data.length, path, rules);
  const header = Object.fromEntries(columns.map((name) => [name, null]));
  checked(recordSchema, header, { path: ['dataframe_split', 'columns'], fields: `columns among ${RECORD_FIELDS}` });
  if (Object.keys(header).length < columns.length) throw wrongField(['dataframe_split', 'columns'], 'a column is named twice');
  return data.map((cells, i) => {
    if (!Array.isArray(cells)) throw wrongField([...path, i], 'expected an array of values');
    if (cells.length !== columns.length) throw wrongField([...path, i], `${cells.length} values for ${columns.length} columns`);
    return { value: Object.fromEntries(columns.map((name, column) => [name, cells[column]])), path: [...path, i] };
  });
}

const readRow = (value: unknown, path: JsonPath, rules: RecordRules): ReadRecord =>
  toRecord(checked(recordSchema, value, { path, fields: RECORD_FIELDS }), path, rules);

function toRecord(input: RecordInput, path: JsonPath, rules: RecordRules): ReadRecord {
  const { id, history } = input;
  expectShort(input, path, rules);
  history?.forEach((visit, i) => expectShort(visit, [...path, 'history', i], rules));
  const record = clinicalRecord(input);
  if (isEmptyRecord(record)) throw wrongField(path, 'an empty record: give a text, codes or a history');
  if (rules.needsHistory && !record.history) throw wrongField([...path, 'history'], 'this model reads the past visits; give at least one');
  return { record, ...(id !== null && id !== undefined && { id }) };
}

function expectShort({ text }: { text?: string | null }, path: JsonPath, { limits: { maxText } }: RecordRules): void {
  if (text && isLonger(text, maxText)) throw tooLarge([...path, 'text'], `longer than the ${maxText} characters that this server takes; shorten it`);
}

/** In code points, which are counted only where it may matter. */
function isLonger(text: string, maxText: number): boolean {
  if (text.length <= maxText) return false;
  if (text.length > 2 * maxText) return true;
  let count = 0;
  for (const _ of text) count++;
  return count > maxText;
}
