/** Nothing of a request is logged, counted or said back in an error, wherever it stands; only an unknown field is named, where it looks like one. */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fakePredictor } from './fake-predictor.js';
import { startServing } from './serving.js';

/** A name, a phone number and a sentence, made up; also in the spellings that a URL or JSON may give it. */
const MARKER = 'Qwertzuiopsky555';

const bodies: string[] = [
  MARKER,
  `{"instances": [{"text": "${MARKER}`,
  `{"instances": [{"${MARKER} is a name": 1}]}`,
  `{"instances": [{"text": {"${MARKER}": "${MARKER}"}}]}`,
  `{"instances": [{"text": "a", "id": ["${MARKER}"]}]}`,
  `{"instances": [{"codes": ["${MARKER}"]}]}`,
  `{"instances": [{"codes": [{"system": "${MARKER}", "kode": "${MARKER}"}]}]}`,
  `{"instances": [{"text": "${MARKER}"}], "params": {"top": "${MARKER}"}}`,
  `{"dataframe_split": {"columns": ["text", "${MARKER} is a column"], "data": []}}`,
  `{"dataframe_split": {"columns": ["text"], "data": [["${MARKER}", "${MARKER}"]]}}`,
  `{"instances": [{"text": "fails ${MARKER}"}]}`,
  `{"__proto__": "${MARKER}"}`,
  `{"instances": [{"text": "${MARKER.repeat(500)}"}]}`,
];

it('says nothing of what it was sent', async () => {
  const server = await startServing({ apiKey: 'key', predictor: fakePredictor({ fails: ({ text }) => text?.startsWith('fails') ?? false }), limits: { maxText: 2000 } });
  const seen: string[] = [];
  const send = async (path: string, init: RequestInit): Promise<void> => {
    const response = await fetch(server.url + path, init);
    expect(response.status).toBeGreaterThanOrEqual(400);
    seen.push(await response.text(), JSON.stringify([...response.headers]));
  };
  const headers = { 'content-type': 'application/json', authorization: 'Bearer key', 'user-agent': MARKER, 'x-request-id': MARKER, cookie: `name=${MARKER}` };
  for (const body of bodies) {
    await send('/invocations', { method: 'POST', body, headers });
    await send(`/v1/explain?note=${MARKER}`, { method: 'POST', body, headers });
  }
  await send(`/${MARKER}?${MARKER}#x`, { headers });
  await send(`/invocations/${MARKER}`, { method: 'POST', headers, body: MARKER });
  await send(`/v1/model?${MARKER}`, { method: 'DELETE', headers });
  await send('/v1/model', { headers: { authorization: `Bearer ${MARKER}` } });
  await send('/invocations', { method: 'POST', body: MARKER, headers: { ...headers, 'content-type': `text/${MARKER}` } });
  for (const bytes of [`${MARKER}\r\n\r\n`, `GET /%zz${MARKER} HTTP/1.1\r\nHost: localhost\r\n\r\n`, `GET /health HTTP/1.1\r\nHost: ${MARKER}\r\n\r\n`, `GET /health HTTP/1.1\r\nHost: localhost\r\n${MARKER}\r\n\r\n`]) seen.push(await raw(server.port, bytes));
  const good = await fetch(`${server.url}/invocations`, { method: 'POST', headers, body: JSON.stringify({ instances: [{ text: MARKER, codes: [`atc:${MARKER}`], id: MARKER }] }) });
  expect(good.status).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`, { headers })).text();
  await server.stop();
  expect(server.logged()).toMatch(/"route":"\/invocations","status":422/);
  expect(server.logged()).toMatch(/"route":"none","status":404/);
  for (const text of [...seen, server.logged(), metrics]) expect(text).not.toContain(MARKER);
  for (const text of seen) expect(text).not.toMatch(/node_modules|at \w+ \(|\.ts:\d/);
});

it('logs method, route, status, time, size and number of records, and nothing else', async () => {
  const server = await startServing();
  await fetch(`${server.url}/invocations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"instances": [{"text": "a"}, {"text": "b"}]}' });
  await delay(20);
  await server.stop();
  const lines = server.logged().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request');
  expect(lines).toEqual([{ level: 30, time: expect.any(Number), msg: 'request', method: 'POST', route: '/invocations', status: 200, ms: expect.any(Number), bytes: 45, records: 2 }]);
});

function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(200, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('close', () => resolve(answer)).on('error', () => undefined);
  });
}
