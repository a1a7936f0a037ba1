/** Evidence, hierarchies, examples and the model's card. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNotes } from '../../src/serve/index.js';
import { createHierarchies } from '../../src/serve/hierarchy.js';
import { examplesAnswer, explainAnswer, modelAnswer, type ExplainAnswer } from '../../src/serve/schemas.js';
import { fakePredictor } from './fake-predictor.js';
import { post, startServing, type Refused, type Serving } from './serving.js';

let server: Serving;
beforeAll(async () => void (server = await startServing({ predictor: fakePredictor({ card: { licenceNotice: 'Ask first.', doNotShare: true } }) })));
afterAll(() => server.stop());

const explain = (body: unknown) => post<ExplainAnswer>(`${server.url}/v1/explain`, body);

describe('/v1/explain', () => {
  it('gives codes with title, place in the hierarchy, and spans in code points of the raw text', async () => {
    const { status, body } = await explain({ text: '😀\r\n.a', codes: ['icd10cm:I10'], top: 1, id: 'mine' });
    expect(status).toBe(200);
    expect(explainAnswer.parse(body)).toEqual(body);
    expect(body).toEqual({
      id: 'mine',
      codes: [{
        kind: 'dx', system: 'icd10cm', code: 'E11.9', title: 'Type 2 diabetes mellitus without complications', score: 0.2, predicted: false,
        hierarchy: [
          { code: 'E00-E89', title: 'Endocrine, nutritional and metabolic diseases' }, { code: 'E08-E13', title: 'Diabetes mellitus' },
          { code: 'E11' }, { code: 'E11.9', title: 'Type 2 diabetes mellitus without complications' },
        ],
        spans: [{ start: 4, end: 5, weight: 1, source: 'letter' }],
      }],
      unknown_codes: ['icd10cm:I10'],
      truncated: false,
    });
  });

  it('gives the most probable and all that the model decides for', async () => {
    const { body } = await explain({ text: 'aabb', top: 1 });
    expect(body.codes.map(({ code, predicted }) => [code, predicted])).toEqual([['E11.9', true], ['I10', true]]);
  });

  it('keeps requests with different tops apart', async () => {
    const answers = await Promise.all([1, 2, 3, 1].map((top) => explain({ text: '....', top })));
    expect(answers.map(({ body }) => body.codes.length)).toEqual([1, 2, 3, 1]);
  });

  it.each([[{ text: 'a', top: -1 }, '/top'], [{ text: 'a', note: 1 }, ''], [{ text: ['a'] }, '/text'], [{}, ''], [[{ text: 'a' }], '']])('refuses %j at %j', async (body, pointer) => {
    expect(await post<Refused>(`${server.url}/v1/explain`, body)).toMatchObject({ status: 422, body: { error: { code: 'wrong_field', pointer } } });
  });

  it('says so where a model has no evidence', async () => {
    const without = await startServing({ predictor: fakePredictor({ explains: false }) });
    expect(await post<Refused>(`${without.url}/v1/explain`, { text: 'a' })).toMatchObject({ status: 409, body: { error: { code: 'no_evidence' } } });
    expect(await (await fetch(`${without.url}/v1/model`)).json()).toMatchObject({ explains: false });
    await without.stop();
  });
});

describe('hierarchies', () => {
  const { pathOf, titleOf } = createHierarchies(['icd9cm', 'atc', 'task', 'local-codes']);

  it('go from the top down to the code, without the root', () => {
    expect(pathOf('atc', 'N02BE01').map(({ code }) => code)).toEqual(['N', 'N02', 'N02B', 'N02BE', 'N02BE01']);
    expect(pathOf('icd9cm', '250.00', 'Ours').at(-1)).toEqual({ code: '250.00', title: 'Ours' });
    expect(titleOf('atc', 'N02')).toMatch(/analgesic/i);
  });

  it('of other systems are what can be known', () => {
    expect(pathOf('local-codes', 'AB.1').at(-1)).toEqual({ code: 'AB.1' });
    expect(pathOf('task', 'readmitted', 'readmitted within 30 days')).toEqual([{ code: 'readmitted', title: 'readmitted within 30 days' }]);
    expect(pathOf('icd9cm', 'not a code')).toEqual([{ code: 'not a code' }]);
    expect(pathOf('unheard', 'x')).toEqual([{ code: 'x' }]);
  });
});

describe('examples', () => {
  it('are synthetic notes that the model can read, the same every time', async () => {
    const examples = examplesAnswer.parse(await (await fetch(`${server.url}/v1/examples`)).json());
    expect(examples.length).toBeGreaterThan(2);
    expect(examples).toEqual(await (await fetch(`${server.url}/v1/examples`)).json());
    expect(new Set(examples.map(({ text }) => text)).size).toBe(examples.length);
    expect(examples.every(({ text, codes }) => text.length > 300 && codes.every(({ kind }) => kind === 'rx'))).toBe(true);
    const records = examples.map(({ text, codes }) => ({ text, codes: codes.map(({ kind, system, code }) => ({ kind, system, code })) }));
    expect((await post(`${server.url}/invocations`, { dataframe_records: records })).status).toBe(200);
  });

  it('hold codes of the kinds that are read, each once', () => {
    const [note] = exampleNotes({ count: 1, seed: 3, words: 50, inputs: ['text', 'dx'] });
    expect(note!.codes.every(({ kind, system }) => kind === 'dx' && system === 'icd10cm')).toBe(true);
    expect(new Set(note!.codes.map(({ code }) => code)).size).toBe(note!.codes.length);
    expect(exampleNotes({ count: 2, seed: 3, words: 50, inputs: [] })[0]).toEqual({ ...note, codes: [] });
  });
});

it('/v1/model says what the model is and what its data\'s owners ask', async () => {
  const card = modelAnswer.parse(await (await fetch(`${server.url}/v1/model`)).json());
  expect(card).toMatchObject({ task: 'icd-coding', inputs: ['text', 'rx'], labels: 4, max_tokens: 512, explains: true, licence_notice: 'Ask first.', do_not_share: true, version: '1.2.3' });
});
