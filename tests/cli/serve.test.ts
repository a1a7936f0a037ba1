/** `medweave serve` as a user starts it: a model that was trained just now, asked over HTTP, ended by a signal; and what it refuses to do. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServeBench } from '../../src/bench/serve.js';
import type { ExamplesAnswer, ExplainAnswer, InvocationAnswer } from '../../src/serve/schemas.js';
import { complaint, medweave, start, succeed, tinyData, WITH_TINY, type Running } from './command-line.js';

let dir: string;
beforeAll(async () => {
  dir = await tinyData();
  await succeed(dir, 'finetune', 'icd-coding', '--data', 'data', '--out', 'run', ...WITH_TINY);
}, 120_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const SERVE = ['serve', '--run', 'run', '--port', '0', '--json', '--device', 'cpu'];

/** The first line of standard output. */
const urlOf = ({ child, ended }: Running): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout!.once('data', (text: string) => resolve((JSON.parse(text.split('\n')[0]!) as { url: string }).url));
    void ended.then(({ stderr }) => reject(new Error(stderr)));
  });

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

describe('medweave serve', () => {
  it('answers with a trained model until it is told to stop', async () => {
    const running = start(dir, SERVE);
    const url = await urlOf(running);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect(await (await fetch(`${url}/v1/model`)).json()).toMatchObject({ command: 'finetune', task: 'icd-coding', inputs: ['text', 'rx'], explains: true, do_not_share: false });
    const examples = (await (await fetch(`${url}/v1/examples`)).json()) as ExamplesAnswer;
    const records = examples.map(({ text, codes }) => ({ text, codes: codes.map(({ system, code }) => `${system}:${code}`) }));
    const together = (await (await post(`${url}/invocations`, { dataframe_records: records, params: { top: 3 } })).json()) as InvocationAnswer;
    expect(together.predictions.length).toBe(examples.length);
    const alone = await Promise.all(records.map(async (record) => (await (await post(`${url}/invocations`, { instances: [record], params: { top: 3 } })).json()) as InvocationAnswer));
    alone.forEach(({ predictions: [one] }, i) => {
      expect(one!.codes).toEqual(together.predictions[i]!.codes);
      one!.scores.forEach((score, rank) => expect(score).toBeCloseTo(together.predictions[i]!.scores[rank]!, 5));
    });
    const { codes } = (await (await post(`${url}/v1/explain`, { ...records[0], top: 3 })).json()) as ExplainAnswer;
    expect(codes.length).toBeGreaterThanOrEqual(3);
    for (const { hierarchy, code, spans } of codes) {
      expect(hierarchy.at(-1)!.code).toBe(code);
      for (const { start: from, end } of spans) expect(end <= [...records[0]!.text].length && from < end).toBe(true);
    }
    expect((await fetch(`${url}/`)).headers.get('content-type')).toMatch(/text\/html/);
    running.child.kill('SIGTERM');
    const { code, signal, stderr } = await running.ended;
    expect([code, signal]).toEqual([0, null]);
    expect(stderr).not.toContain(records[0]!.text.slice(0, 20));
  });

  it('asks for the key that it was given', async () => {
    fs.writeFileSync(`${dir}/key`, 'our-key\n');
    const running = start(dir, [...SERVE, '--host', '0.0.0.0', '--api-key-file', 'key', '--quiet']);
    const url = (await urlOf(running)).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/v1/model`)).status).toBe(401);
    expect((await fetch(`${url}/v1/model`, { headers: { authorization: 'Bearer our-key' } })).status).toBe(200);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });

  it.each([
    [['--run', 'run', '--host', '0.0.0.0'], /--host 0\.0\.0\.0: anybody in the network could send requests/],
    [['--run', 'run', '--api-key-file', 'nowhere'], /--api-key-file nowhere: cannot be read \(ENOENT\)/],
    [['--run', 'run', '--max-body', '10'], /--max-body 10: Too small/],
    [['--run', 'run', '--port', '99999'], /--port 99999/],
    [['--run', 'data'], /expected the output of/],
    [['--run', 'nowhere'], /nowhere/],
  ])('refuses %j', async (args, message) => {
    const outcome = await medweave(dir, 'serve', ...args);
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
  });
});

it('medweave bench serve measures one client, many, and a flood', async () => {
  const result = JSON.parse(await succeed(dir, 'bench', 'serve', '--run', 'run', '--notes', '5', '--words', '30', '--clients', '7', '--repeats', '2', '--flood', '40', '--device', 'cpu', '--json')) as ServeBench;
  expect([result.one.clients, result.many.clients]).toEqual([1, 7]);
  expect([result.one.statuses, result.many.statuses]).toEqual([{ 200: 80 }, { 200: 320 }]);
  expect(result.one.records_a_batch).toBe(1);
  expect(result.many.records_a_batch).toBeGreaterThan(1);
  expect(Object.values(result.flood!.statuses).reduce((sum, count) => sum + count)).toBe(40);
  expect(result.flood!.statuses[0]).toBeUndefined();
  expect(Math.min(result.ratio, result.memory_mib.before, result.memory_mib.flood!, result.one.p99_ms, result.many.processor_ms)).toBeGreaterThan(0);
});
