/** Requests: what goes out, and what people read when something comes back that is no answer. */
import { describe, expect, it } from 'vitest';
import { createClient, type Failure } from '../../../src/serve/page/browser/client.js';
import { code, fromScores, type CodingOptions } from '../../../src/serve/page/browser/coding.js';
import { draft, coded } from './reviews.js';

interface Sent {
  path: string;
  init: RequestInit;
}

/** Answers in turn, the last one again and again. */
function server(...answers: readonly (() => Response)[]) {
  const sent: Sent[] = [];
  const send = (async (path: string, init: RequestInit) => {
    sent.push({ path, init });
    return (answers[sent.length - 1] ?? answers.at(-1)!)();
  }) as unknown as typeof fetch;
  return { send, sent, client: createClient(send) };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => (): Response => new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, errorCode: string, message: string, headers?: Record<string, string>) => json(status, { error: { code: errorCode, message } }, headers);
const busy = problem(503, 'busy', 'the queue is full; try again later', { 'Retry-After': '3' });
const empty = { codes: [], unknown_codes: [], truncated: false };

async function failureOf(answer: () => Response): Promise<Failure> {
  const got = await server(answer).client.get('/v1/model');
  if (got.ok) throw new Error('expected a failure');
  return got.failure;
}

describe('failures', () => {
  it('are told apart by what a person can do', async () => {
    expect(await failureOf(problem(422, 'wrong_field', '/text: expected a string'))).toEqual({ kind: 'input', message: '/text: expected a string' });
    expect(await failureOf(busy)).toEqual({ kind: 'busy', message: 'the queue is full; try again later', retryAfterSeconds: 3 });
    expect(await failureOf(problem(409, 'no_evidence', 'this model shows no evidence'))).toMatchObject({ kind: 'evidence' });
    expect(await failureOf(problem(500, 'internal', 'the server failed'))).toEqual({ kind: 'server', message: 'the server failed' });
    expect(await failureOf(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }))).toEqual({ kind: 'server', message: 'The server answered 502 Bad Gateway' });
    expect(await failureOf(() => { throw new TypeError('fetch failed'); })).toMatchObject({ kind: 'unreachable' });
  });

  it('of the key say whether there was one', async () => {
    const { client, sent } = server(problem(401, 'unauthorized', 'no'));
    expect(await client.get('/v1/model')).toMatchObject({ failure: { kind: 'key', message: 'This server asks for an API key.' } });
    client.setKey('wrong');
    expect(await client.get('/v1/model')).toMatchObject({ failure: { message: 'The server does not know this API key.' } });
    expect(sent.map(({ init }) => init.headers)).toEqual([{}, { Authorization: 'Bearer wrong' }]);
  });
});

describe('coding', () => {
  const options = (client: CodingOptions['client'], changes: Partial<CodingOptions> = {}): CodingOptions & { waits: number[] } => {
    const waits: number[] = [];
    return { client, evidence: true, past: false, signal: new AbortController().signal, onWait: (seconds) => waits.push(seconds), wait: async () => undefined, waits, ...changes };
  };
  const bodies = (sent: readonly Sent[]): unknown[] => sent.map(({ path, init }) => [path, JSON.parse(String(init.body))]);

  it('asks for evidence, sends what is there and not the record’s id', async () => {
    const { client, sent } = server(json(200, { ...empty, codes: [coded('I10', 0.5, true)] }));
    const record = draft({ id: 'Jane', text: 'note', codes: [{ system: 'atc', code: 'N02BE01', title: 'Acetaminophen' } as { system: string; code: string }] });
    expect(await code(record, options(client))).toMatchObject({ ok: true, value: { codes: [{ code: 'I10' }] } });
    await code(draft({ text: '' }), options(client));
    expect(bodies(sent)).toEqual([['/v1/explain', { text: 'note', codes: [{ system: 'atc', code: 'N02BE01' }], top: 30 }], ['/v1/explain', { top: 30 }]]);
  });

  it('waits as long as the server says, four times in all', async () => {
    const patient = options(server(busy, busy, json(200, empty)).client);
    expect(await code(draft(), patient)).toMatchObject({ ok: true });
    expect(patient.waits).toEqual([3, 3]);
    const { client, sent } = server(busy);
    expect(await code(draft(), options(client))).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    expect(sent).toHaveLength(4);
  });

  it('does not ask again when cancelled meanwhile', async () => {
    const { client, sent } = server(busy);
    const stop = new AbortController();
    await code(draft(), options(client, { signal: stop.signal, wait: async () => stop.abort() }));
    expect(sent.length).toBeLessThanOrEqual(2);
  });

  it('asks for scores alone where the model has no evidence', async () => {
    const scores = { predictions: [{ codes: ['I10', 'E11.9'], systems: ['icd10cm', 'icd10cm'], scores: [0.8, 0.1], thresholded: ['I10'] }] };
    const { client, sent } = server(problem(409, 'no_evidence', 'none'), json(200, scores));
    const answer = await code(draft(), options(client));
    const described = [{ title: 'Hypertension', kind: 'dx', hierarchy: [{ code: 'I10' }] }];
    expect(fromScores({ ...scores.predictions[0]!, described }).codes).toMatchObject([{ code: 'I10', title: 'Hypertension', spans: [] }, { code: 'E11.9', hierarchy: [] }]);
    expect(answer).toEqual({ ok: true, value: fromScores(scores.predictions[0]!) });
    expect(fromScores(scores.predictions[0]!).codes.map(({ code: name, predicted }) => [name, predicted])).toEqual([['I10', true], ['E11.9', false]]);
    expect(bodies(sent)[1]).toEqual(['/invocations', { dataframe_records: [{ text: 'a note' }], params: { top: 30, describe: true } }]);
  });

  it('sends the note as a past visit to a model that reads those', async () => {
    const { client, sent } = server(json(200, { predictions: [{ codes: [], systems: [], scores: [], thresholded: [] }] }));
    await code(draft(), options(client, { evidence: false, past: true }));
    expect(bodies(sent)).toEqual([['/invocations', { dataframe_records: [{ history: [{ text: 'a note' }] }], params: { top: 30, describe: true } }]]);
  });
});
