/** Many at once: everybody is answered, by 200 or 503; who has gone is forgotten; who was served before the end is served to the end. */
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { InvocationAnswer } from '../../src/serve/schemas.js';
import { fakePredictor } from './fake-predictor.js';
import { post, startServing, type Answered, type Refused } from './serving.js';

const record = (i: number) => ({ instances: [{ text: 'a'.repeat(i % 7) + 'b', id: i }] });

describe('a thousand requests at once', () => {
  it('are all answered: with their own answer, or told to come back', async () => {
    const server = await startServing({ predictor: fakePredictor({ ms: 5 }), limits: { queue: 100 } });
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => post<InvocationAnswer & Refused>(`${server.url}/invocations`, record(i))));
    const served = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 503);
    expect(served.length + refused.length).toBe(1000);
    expect(Math.min(served.length, refused.length)).toBeGreaterThan(0);
    answers.forEach(({ status, body }, i) => status === 200 && expect(body.predictions[0]!.id).toBe(i));
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(body.error.code).toBe('busy');
    }
    await server.stop();
  });

  it('come in batches', async () => {
    const predictor = fakePredictor({ ms: 5 });
    const server = await startServing({ predictor, limits: { queue: 1000 } });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => post<InvocationAnswer>(`${server.url}/invocations`, record(i))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(predictor.calls.flat().length).toBe(200);
    expect(predictor.calls.length).toBeLessThan(100);
    expect(Math.max(...predictor.calls.map(({ length }) => length))).toBe(predictor.batchSize);
    await server.stop();
  });

  it('are refused unread when they would fill the memory', async () => {
    const server = await startServing({ predictor: fakePredictor({ ms: 200 }), limits: { maxPending: 10_000 } });
    const body = { instances: [{ text: 'a'.repeat(3000) }] };
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => post(`${server.url}/invocations`, body)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBe(3);
    expect(statuses.filter((status) => status === 503).length).toBe(7);
    expect((await post(`${server.url}/invocations`, body)).status).toBe(200);
    await server.stop();
  });
});

describe('predict and explain', () => {
  it('never work at once, and each is answered', async () => {
    const server = await startServing({ predictor: fakePredictor({ ms: 3 }) });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 3 ? post(`${server.url}/invocations`, record(i)) : post(`${server.url}/v1/explain`, { text: 'ab', top: 1 + (i % 2) }))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await server.stop();
  });
});

describe('a record that the model cannot read', () => {
  it('fails its own request only, and the answer and the log say nothing of it', async () => {
    const server = await startServing({ predictor: fakePredictor({ ms: 5, fails: ({ text }) => text!.includes('POISON') }) });
    const answers = await Promise.all(Array.from({ length: 16 }, (_, i) => post<Refused>(`${server.url}/invocations`, { instances: [{ text: i === 5 ? 'POISON' : 'a' }] })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, i) => (i === 5 ? 500 : 200)));
    expect(answers[5]!.body.error.code).toBe('prediction_failed');
    expect(JSON.stringify(answers[5]) + server.logged()).not.toContain('POISON');
    expect(server.logged()).toMatch(/"error":"Error","at":".*fake-predictor/);
    await server.stop();
  });
});

/** A request that can be abandoned. */
function send(url: string, body: unknown): http.ClientRequest {
  return http.request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }).on('error', () => undefined).end(JSON.stringify(body)) as http.ClientRequest;
}

describe('a client that has gone', () => {
  it('is not predicted for', async () => {
    const predictor = fakePredictor({ ms: 150 });
    const server = await startServing({ predictor });
    const first = post(`${server.url}/invocations`, record(1));
    await delay(50);
    const gone = Array.from({ length: 5 }, (_, i) => send(`${server.url}/invocations`, record(10 + i)));
    await delay(50);
    for (const request of gone) request.destroy();
    expect((await first).status).toBe(200);
    await delay(50);
    expect((await post(`${server.url}/invocations`, record(2))).status).toBe(200);
    expect(predictor.calls.map((records) => records.map(({ id }) => id))).toEqual([['1'], ['2']]);
    await server.stop();
  });
});

describe('patience', () => {
  it('ends with 503', async () => {
    const server = await startServing({ predictor: fakePredictor({ ms: 400 }), limits: { timeout: 0.1 } });
    const answer = await post<Refused>(`${server.url}/invocations`, record(1));
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'timeout' } } });
    expect(answer.headers.get('retry-after')).toBe('1');
    await server.stop();
  });
});

describe('a server\'s life', () => {
  it('is alive while it compiles, ready afterwards, and keeps who came early', async () => {
    let compiled = (): void => undefined;
    const predictor = fakePredictor({ warmUp: () => new Promise((resolve) => (compiled = resolve)) });
    const port = 20_000 + (process.pid % 20_000);
    const starting = startServing({ predictor, port });
    const url = `http://127.0.0.1:${port}`;
    await expect.poll(() => fetch(`${url}/health`).then(({ status }) => status, () => 0)).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    const early = post(`${url}/invocations`, record(1));
    await delay(50);
    expect(predictor.calls).toEqual([]);
    compiled();
    const server = await starting;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect((await early).status).toBe(200);
    await server.stop();
  });

  it('ends when what has begun is answered', async () => {
    const predictor = fakePredictor({ ms: 100 });
    const server = await startServing({ predictor });
    const begun: Promise<Answered>[] = Array.from({ length: 20 }, (_, i) => post(`${server.url}/invocations`, record(i)));
    await delay(60);
    const stopped = server.stop();
    expect((await Promise.all(begun)).map(({ status }) => status)).toEqual(begun.map(() => 200));
    await stopped;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('ends at once when the model cannot be compiled', async () => {
    let fail = (_: Error): void => undefined;
    const predictor = fakePredictor({ warmUp: () => new Promise((_, reject) => (fail = reject)) });
    const port = 40_000 + (process.pid % 20_000);
    const starting = startServing({ predictor, port });
    starting.catch(() => undefined);
    await expect.poll(() => fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status, () => 0)).toBe(200);
    const early = post(`http://127.0.0.1:${port}/invocations`, record(1)).catch(() => 'cut off');
    await delay(50);
    fail(new Error('no kernel'));
    await expect(starting).rejects.toThrow('no kernel');
    expect(await early).toBe('cut off');
  });

  it('ends with connections that are kept on every address of its name', async () => {
    const server = await startServing({ host: 'localhost' });
    const agent = new http.Agent({ keepAlive: true });
    const ask = (host: string): Promise<number> => new Promise((resolve) => void http.get({ host, port: server.port, path: '/health', agent }, (response) => response.resume().on('end', () => resolve(response.statusCode!))).on('error', () => resolve(0)));
    expect(await ask('127.0.0.1')).toBe(200);
    await ask('::1');
    const start = performance.now();
    await server.stop();
    agent.destroy();
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('does not begin on an address that is taken', async () => {
    const server = await startServing();
    await expect(startServing({ port: server.port })).rejects.toThrow(/--port \d+: cannot listen \(EADDRINUSE\)/);
    await server.stop();
  });
});
