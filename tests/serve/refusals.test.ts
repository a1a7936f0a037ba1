/** Wrong input of every kind: a clear refusal, and a server that goes on answering. */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../src/serve/json-body.js';
import { post, startServing, type Refused, type Serving } from './serving.js';

let server: Serving;
beforeAll(async () => void (server = await startServing({ limits: { maxBody: 50_000, maxPending: 200_000 } })));
afterAll(() => server.stop());
afterEach(async () => {
  expect((await post(`${server.url}/invocations`, { instances: [{ text: 'a' }] })).status, 'it goes on answering').toBe(200);
});

const invoke = (body: string | Uint8Array, headers?: Record<string, string>) => post<Refused>(`${server.url}/invocations`, body, headers);

/** Bytes on a connection of their own. @returns all that came back until the server closed it, or until it was quiet */
function raw(bytes: string | Uint8Array, { quietMs = 300 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
  });
}

describe('a body', () => {
  it.each([
    ['empty', '', 400],
    ['no JSON', '{"instances": [{"text": "a"}]', 400],
    ['binary', new Uint8Array([0, 255, 254, 128, 10, 13]), 400],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['quotes without end', `"${'\\"'.repeat(20_000)} NaN`, 400],
    ['nested as deeply as fits', `${'['.repeat(25_000)}${']'.repeat(25_000)}`, 422],
    ['nested objects', `${'{"instances":'.repeat(3000)}1${'}'.repeat(3000)}`, 422],
    ['a prototype', '{"__proto__": {"instances": []}, "constructor": {"prototype": {}}}', 422],
    ['many empty records', `{"instances": [${'{},'.repeat(10_000)}{}]}`, 413],
    ['many numbers', `{"instances": [${'1,'.repeat(200)}1]}`, 422],
    ['too large', JSON.stringify({ instances: [{ text: 'a'.repeat(60_000) }] }), 413],
    ['ten megabytes', JSON.stringify({ instances: [{ text: 'a'.repeat(10_000_000) }] }), 413],
  ])('that is %s is refused', async (_, body, status) => {
    const answer = await invoke(body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(/^[^\n]{10,300}$/);
  });

  it('with a null character is read', async () => {
    expect((await invoke('{"instances": [{"text": "a\\u0000b"}]}')).status).toBe(200);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', 'text/csv'])('of type %s is refused', async (type) => {
    expect(await invoke('{"instances": []}', { 'content-type': type })).toMatchObject({ status: 415, body: { error: { code: 'wrong_media_type' } } });
  });

  it('that is absent is refused', async () => {
    const response = await fetch(`${server.url}/v1/explain`, { method: 'POST' });
    expect([response.status, ((await response.json()) as Refused).error.message]).toEqual([400, 'the body is empty; expected a JSON object']);
  });

  it('that is too large is read to its end, so that clients that first send it all read why it is refused', async () => {
    const length = 5_000_000;
    const answer = await raw(`POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${'a'.repeat(length)}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect([...answer.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)).toEqual(['413', '200']);
    expect(await raw(`POST /invocations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${'a'.repeat(length)}`)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('without a type is refused', async () => {
    const head = `POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`;
    expect(await raw(head)).toMatch(/^HTTP\/1.1 415 /);
  });

  it('that is compressed is refused', async () => {
    expect(await invoke(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), { 'content-encoding': 'gzip' })).toMatchObject({ status: 400, body: { error: { message: /uncompressed/ } } });
  });

  it('in chunks is read, and refused when it grows too large', async () => {
    const chunked = (body: string) => `POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(await raw(chunked('{"instances": [{"text": "a"}]}'))).toMatch(/^HTTP\/1.1 200 /);
    expect(await raw(chunked(`{"instances": "${'a'.repeat(60_000)}"}`))).toMatch(/^HTTP\/1.1 413 /);
  });

  it.each([['Infinity', '{"instances": [{"id": Infinity, "text": "NaN"}]}'], ['NaN in the wrong place', '{"instances": NaNNaN}']])('with %s is no JSON', (_, body) => {
    expect(() => parseJsonBody(Buffer.from(body))).toThrow('not valid JSON');
  });

  it('of megabytes of quotes is looked at in no time', () => {
    const start = performance.now();
    expect(() => parseJsonBody(Buffer.from(`NaN ${'"\\'.repeat(2_000_000)}`))).toThrow('not valid JSON');
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('a path or method', () => {
  const status = async (path: string, method: string): Promise<[number, string | null, string]> => {
    const response = await fetch(`${server.url}${path}`, { method });
    return [response.status, response.headers.get('allow'), await response.text()];
  };

  it('that does not exist is refused', async () => {
    expect(await status('/v1/nothing?q=1', 'GET')).toEqual([404, null, expect.stringMatching(/not_found/)]);
    expect((await status('/v1/nothing', 'POST'))[0]).toBe(404);
    expect((await status('/../../etc/passwd', 'GET'))[0]).toBe(404);
  });

  it.each([['/invocations', 'GET', 'POST'], ['/invocations', 'OPTIONS', 'POST'], ['/health', 'POST', 'GET, HEAD'], ['/v1/model', 'DELETE', 'GET, HEAD'], ['/v1/explain', 'PUT', 'POST'], ['/metrics', 'PATCH', 'GET, HEAD']])('%s %s is answered by what it takes', async (path, method, allow) => {
    expect(await status(path, method)).toEqual([405, allow, expect.stringMatching(/wrong_method/)]);
  });

  it('HEAD is GET without a body', async () => {
    const response = await fetch(`${server.url}/health`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each(['PROPFIND / HTTP/1.1', 'TRACE /health HTTP/1.1', 'QUERY /health HTTP/1.1', 'GET /%ff%zz HTTP/1.1', 'GET http://elsewhere/ HTTP/1.1', 'GET * HTTP/1.1'])('%s is refused', async (line) => {
    expect(await raw(`${line}\r\nHost: localhost\r\n\r\n`)).toMatch(/^HTTP\/1.1 40\d /);
  });
});

describe('what is no HTTP', () => {
  it.each([['text', 'hello\r\n\r\n'], ['TLS', new Uint8Array([0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1])], ['a newer version', 'GET / HTTP/9.9\r\n\r\n'], ['no Host', 'GET /health HTTP/1.1\r\n\r\n'], ['two lengths', 'POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'], ['length and chunks', 'POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n']])('%s gets 400', async (_, bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1.1 400 /);
  });

  it('headers without end get 431', async () => {
    expect(await raw(`GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  it('a connection that says nothing or half of something does not stop others', async () => {
    const idle = Array.from({ length: 50 }, (_, i) => net.connect(server.port, '127.0.0.1', function (this: net.Socket) {
      if (i % 2) this.write('POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    }).on('error', () => undefined));
    await delay(50);
    expect((await invoke('{"instances": [{"text": "a"}]}')).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});

describe('connections', () => {
  const request = (body: string, more = '') => `POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

  it('may hold several requests at once; answers keep their order', async () => {
    const bodies = ['{"instances": [{"text": "a", "id": "one"}]}', 'wrong', '{"instances": [{"text": "b", "id": "three"}]}'];
    const answer = await raw(bodies.map((body) => request(body)).join(''));
    expect([...answer.matchAll(/HTTP\/1.1 (\d+)|"id":"(\w+)"/g)].map(([, status, id]) => status ?? id)).toEqual(['200', 'one', '400', '200', 'three']);
  });

  it('end when the client asks for it', async () => {
    const start = performance.now();
    expect(await raw(request('{"instances": []}', 'Connection: close\r\n'), { quietMs: 5000 })).toMatch(/connection: close/i);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
