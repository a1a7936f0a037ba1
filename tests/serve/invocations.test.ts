/** MLflow's scoring protocol: its three forms, what comes back, and what is refused where. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invocationAnswer, type InvocationAnswer } from '../../src/serve/schemas.js';
import { post, startServing, type Refused, type Serving } from './serving.js';

let server: Serving;
beforeAll(async () => void (server = await startServing({ limits: { maxText: 2000, maxRecords: 7, maxBody: 100_000 } })));
afterAll(() => server.stop());

const invoke = (body: unknown) => post<InvocationAnswer>(`${server.url}/invocations`, body);
const refused = (body: unknown) => post<Refused & Record<string, unknown>>(`${server.url}/invocations`, body);

/** Three of eight letters: 0.375, 0.25 (not strictly above the threshold of 0.25), 0. */
const TEXT = 'aaabb...';

describe('an answer', () => {
  it('has codes by falling score with their systems, and what the model decides for', async () => {
    const { status, body, headers } = await invoke({ dataframe_records: [{ text: TEXT }], params: { top: 3 } });
    expect(status).toBe(200);
    expect(body).toEqual({ predictions: [{ codes: ['E11.9', 'I10', '0DTJ4ZZ'], systems: ['icd10cm', 'icd10cm', 'icd10pcs'], scores: [0.375, 0.25, 0], thresholded: ['E11.9'] }] });
    expect(invocationAnswer.safeParse(body).success).toBe(true);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('has titles and places in the hierarchy where they are asked for', async () => {
    const { body } = await invoke({ instances: [{ text: TEXT }], params: { top: 1, describe: true } });
    const [described, ...others] = body.predictions[0]!.described!;
    expect(others).toEqual([]);
    expect(described).toMatchObject({ kind: 'dx', title: 'Type 2 diabetes mellitus without complications' });
    expect(described!.hierarchy.at(-1)!.code).toBe('E11.9');
    expect(invocationAnswer.safeParse(body).success).toBe(true);
  });

  it('holds all that the model decides for, however few are asked for', async () => {
    const { body } = await invoke({ instances: [{ text: 'aabb' }], params: { top: 0 } });
    expect(body.predictions[0]).toMatchObject({ codes: ['E11.9', 'I10'], thresholded: ['E11.9', 'I10'] });
  });

  it('decides by another threshold where one is given, strictly above', async () => {
    const { body } = await invoke({ instances: [{ text: TEXT }], params: { threshold: 0.2, top: 1 } });
    expect(body.predictions[0]).toMatchObject({ codes: ['E11.9', 'I10'], thresholded: ['E11.9', 'I10'] });
    const strict = await invoke({ instances: [{ text: TEXT }], params: { threshold: 0.375 } });
    expect(strict.body.predictions[0]!.thresholded).toEqual([]);
  });

  it('says which codes the model does not know and that it read only the beginning', async () => {
    const { body } = await invoke({ instances: [{ text: 'a'.repeat(1500), codes: ['icd10cm:I10', 'atc:N02BE01', { system: 'other', code: 'x 1', kind: 'dx' }] }] });
    expect(body.predictions[0]).toMatchObject({ unknown_codes: ['icd10cm:I10', 'other:x 1'], truncated: true });
  });

  it('bears the client\'s name for the record, as it was given', async () => {
    const { body } = await invoke({ dataframe_records: [{ id: 7, text: 'a' }, { id: 'x', text: 'b' }, { text: 'c' }] });
    expect(body.predictions.map((one) => ('id' in one ? one.id : 'none'))).toEqual([7, 'x', 'none']);
  });
});

describe('the three forms', () => {
  const records = [{ text: TEXT, codes: ['atc:N02BE01'] }, { text: 'cc', codes: null }, { text: 'dddd.', codes: [{ system: 'atc', code: 'A' }] }];

  it('give the same answers', async () => {
    const split = { columns: ['codes', 'text'], index: [4, 5, 6], data: records.map(({ text, codes }) => [codes, text]) };
    const answers = await Promise.all([{ dataframe_records: records }, { instances: records }, { dataframe_split: split }].map(invoke));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]!.body.predictions.map(({ codes }) => codes[0])).toEqual(['E11.9', '0DTJ4ZZ', 'J44.9']);
    expect(answers[1]!.body).toEqual(answers[0]!.body);
    expect(answers[2]!.body).toEqual(answers[0]!.body);
  });

  it('may hold no record', async () => {
    expect((await invoke({ dataframe_records: [] })).body).toEqual({ predictions: [] });
  });

  it('take NaN for what is absent, and for itself within a text', async () => {
    const body = '{"dataframe_records": [{"text": "aNaN \\" NaN, a", "codes": NaN, "id": NaN}]}';
    const { status, body: answer } = await invoke(body);
    expect(status).toBe(200);
    expect(answer.predictions[0]!.scores[0]).toBeCloseTo(4 / 13, 6);
  });

  it('take text beyond the first plane and halves of its characters', async () => {
    const { body } = await invoke('{"instances": [{"text": "a\\ud83d\\ude00a\\ud83d"}]}');
    expect(body.predictions[0]!.scores[0]).toBe(0.5);
  });
});

describe('a wrong field', () => {
  const cases: [string, unknown, number, string | undefined, RegExp][] = [
    ['none of the forms', {}, 422, '', /exactly one of dataframe_records, dataframe_split, instances/],
    ['two of them', { instances: [], dataframe_records: [] }, 422, '', /exactly one/],
    ['a list', [], 422, '', /expected object, received array/],
    ['a number', 3, 422, '', /expected object/],
    ['null', null, 422, '', /expected object/],
    ['another member', { instances: [], inputs: {} }, 422, '', /unknown field inputs; expected exactly one/],
    ['records that are no list', { instances: { text: ['a'] } }, 422, '/instances', /expected an array/],
    ['a record that is no object', { instances: [{ text: 'a' }, 'text'] }, 422, '/instances/1', /expected object/],
    ['an unknown column', { dataframe_records: [{ text: 'a', Note: 'b' }] }, 422, '/dataframe_records/0', /unknown field Note; expected text, codes, history, id/],
    ['an unknown column of a table', { dataframe_split: { columns: ['text', 'age'], data: [] } }, 422, '/dataframe_split/columns', /unknown field age/],
    ['a column twice', { dataframe_split: { columns: ['text', 'text'], data: [] } }, 422, '/dataframe_split/columns', /twice/],
    ['a short row', { dataframe_split: { columns: ['text', 'id'], data: [['a', 1], ['b']] } }, 422, '/dataframe_split/data/1', /1 values for 2 columns/],
    ['a row that is none', { dataframe_split: { columns: ['text'], data: [['a'], { text: 'b' }] } }, 422, '/dataframe_split/data/1', /expected an array/],
    ['rows that are no list', { dataframe_split: { columns: ['text'], data: 'a' } }, 422, '/dataframe_split/data', /expected an array/],
    ['a wrong cell', { dataframe_split: { columns: ['id', 'text'], data: [[1, 5]] } }, 422, '/dataframe_split/data/0/text', /expected string/],
    ['a text that is a number', { instances: [{ text: 5 }] }, 422, '/instances/0/text', /expected string, received number/],
    ['a code without a system', { instances: [{ text: 'a', codes: ['I10'] }] }, 422, '/instances/0/codes/0', /"system:code"/],
    ['a code of a wrong kind', { instances: [{ codes: [{ system: 'atc', code: 'A', kind: 'drug' }] }] }, 422, '/instances/0/codes/0', /dx, px, rx/],
    ['a wrong past', { instances: [{ text: 'a', history: [{ text: 'b' }, { codes: 'atc:A' }] }] }, 422, '/instances/0/history/1/codes', /expected array/],
    ['an empty record', { instances: [{ text: 'a' }, { text: ' \n', codes: [] }] }, 422, '/instances/1', /empty record/],
    ['a record of nulls', { instances: [{ text: null, codes: null, history: null }] }, 422, '/instances/0', /empty record/],
    ['a negative top', { instances: [], params: { top: -1 } }, 422, '/params/top', /too small/i],
    ['a threshold above 1', { instances: [], params: { threshold: 2 } }, 422, '/params/threshold', /too big/i],
    ['an unknown parameter', { instances: [], params: { temperature: 1 } }, 422, '/params', /unknown field temperature/],
    ['too long a text', { instances: [{ text: '😀'.repeat(2001) }] }, 413, '/instances/0/text', /longer than the 2000 characters/],
    ['too long a past text', { instances: [{ text: 'a', history: [{ text: 'b'.repeat(2001) }] }] }, 413, '/instances/0/history/0/text', /longer than/],
    ['too many records', { instances: Array.from({ length: 8 }, () => ({ text: 'a' })) }, 413, '/instances', /8 records; this server takes at most 7/],
    ['too many rows', { dataframe_split: { columns: ['text'], data: Array.from({ length: 8 }, () => ['a']) } }, 413, '/dataframe_split/data', /8 records/],
  ];

  it.each(cases)('%s is refused, and the answer says where', async (_, body, status, pointer, message) => {
    const answer = await refused(body);
    expect([answer.status, answer.body.error.pointer]).toEqual([status, pointer]);
    expect(answer.body.error.message).toMatch(message);
    expect(answer.body.error.message).not.toMatch(/\n/);
  });

  it('of texts as long as allowed there is none', async () => {
    expect((await invoke({ instances: [{ text: '😀'.repeat(2000) }] })).status).toBe(200);
  });

  it('with a name that is no name is not repeated', async () => {
    const { body } = await refused({ instances: [{ text: 'a', 'Mrs Miller, born 1950': 1, ok_name: 2 }] });
    expect(body.error.message).toMatch(/unknown field ok_name, 1 more; expected/);
    expect(body.error.message).not.toMatch(/Miller/);
  });
});

describe('a model that reads past visits', () => {
  it('is not asked without any', async () => {
    const { fakePredictor } = await import('./fake-predictor.js');
    const medication = await startServing({ predictor: fakePredictor({ inputs: ['text', 'rx', 'history'] }) });
    const url = `${medication.url}/invocations`;
    expect(await post<Refused>(url, { instances: [{ text: 'a' }] })).toMatchObject({ status: 422, body: { error: { pointer: '/instances/0/history' } } });
    expect((await post(url, { instances: [{ history: [{ text: 'a' }] }] })).status).toBe(200);
    await medication.stop();
  });
});
