/** Who may ask: keys, names of the server, and what it listens on. */
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/core/loopback.js';
import { hostCheck } from '../../src/serve/access.js';
import { expectGuarded } from '../../src/serve/serve.js';
import { post, startServing, type Refused } from './serving.js';

const KEY = 'a-long-key-of-ours';

describe('an API key', () => {
  it('is asked for everywhere but where machines and the page must get in', async () => {
    const server = await startServing({ apiKey: KEY, pages: [{ path: '/', type: 'text/html', body: '<p>' }, { path: '/page/a.js', type: 'text/javascript', body: '1' }] });
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(server.url + path, { headers })).status;
    for (const path of ['/health', '/ready', '/ping', '/', '/page/a.js']) expect(await status(path), path).toBe(200);
    for (const path of ['/version', '/metrics', '/openapi.json', '/v1/model', '/v1/examples', '/nothing', '/page', '/invocations']) expect(await status(path), path).toBe(401);
    for (const headers of [{ authorization: `Bearer ${KEY}` }, { authorization: `bearer  ${KEY}` }, { 'x-api-key': KEY }] as Record<string, string>[]) expect(await status('/v1/model', headers)).toBe(200);
    for (const headers of [{ authorization: KEY }, { authorization: 'Basic abc' }, { authorization: `Bearer ${KEY}x` }, { 'x-api-key': '' }, { 'x-api-key': KEY.toUpperCase() }] as Record<string, string>[]) expect(await status('/v1/model', headers)).toBe(401);
    const refused = await post<Refused>(`${server.url}/invocations`, { instances: [{ text: 'a' }] });
    expect([refused.status, refused.headers.get('www-authenticate'), refused.body.error.code]).toEqual([401, 'Bearer realm="medweave"', 'unauthorized']);
    expect((await post(`${server.url}/invocations`, { instances: [{ text: 'a' }] }, { 'x-api-key': KEY })).status).toBe(200);
    expect(server.logged()).not.toContain(KEY);
    const document = (await (await fetch(`${server.url}/openapi.json`, { headers: { 'x-api-key': KEY } })).json()) as { security: unknown };
    expect(document.security).toEqual([{ bearer: [] }, { header: [] }]);
    await server.stop();
  });
});

describe('the name in the Host header', () => {
  /** fetch sets its own. */
  const withHost = (port: number, host: string): Promise<number> =>
    new Promise((resolve, reject) => void http.get({ port, host: '127.0.0.1', path: '/health', headers: { host } }, (response) => resolve(response.resume().statusCode!)).on('error', reject));

  it('is one of ours on loopback, so that no page of another site gets in', async () => {
    const server = await startServing({ allowedHosts: ['notes.example'] });
    for (const host of ['localhost', `localhost:${server.port}`, `127.0.0.1:${server.port}`, '[::1]:80', 'Notes.Example']) expect(await withHost(server.port, host), host).toBe(200);
    for (const host of ['evil.example', `evil.example:${server.port}`, 'localhost.evil.example', '127.0.0.1.evil', '0.0.0.0']) expect(await withHost(server.port, host), host).toBe(403);
    await server.stop();
    expect(() => hostCheck({ host: '127.0.0.1', allowedHosts: [] })({})).toThrow(/Host header/);
  });

  it('is not looked at elsewhere, unless names are given', () => {
    expect(() => hostCheck({ host: '0.0.0.0', allowedHosts: [] })({ host: 'anything' })).not.toThrow();
    expect(() => hostCheck({ host: '0.0.0.0', allowedHosts: ['ours'] })({ host: 'anything' })).toThrow(/--allowed-host/);
    expect(() => hostCheck({ host: '0.0.0.0', allowedHosts: ['ours'] })({ host: 'ours:80' })).not.toThrow();
  });
});

describe('what it listens on', () => {
  it('is loopback, or there is a key, or somebody said that there is none', () => {
    expect(['localhost', '127.0.0.1', '127.8.8.8', '::1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'example.org', ''].map(isLoopback)).toEqual([false, false, false, false, false, false]);
    expect(() => expectGuarded({ host: '0.0.0.0', auth: true })).toThrow(/--host 0.0.0.0: anybody in the network.*--api-key-file/);
    expect(() => expectGuarded({ host: '127.0.0.1', auth: true })).not.toThrow();
    expect(() => expectGuarded({ host: '0.0.0.0', auth: true, apiKey: KEY })).not.toThrow();
    expect(() => expectGuarded({ host: '0.0.0.0', auth: false })).not.toThrow();
    expect(() => expectGuarded({ host: '0.0.0.0', auth: false, apiKey: KEY })).toThrow(/--no-auth/);
  });
});

describe('the page', () => {
  it('may load nothing but itself', async () => {
    const server = await startServing({ pages: [{ path: '/', type: 'text/html; charset=utf-8', body: '<p>é' }] });
    const { headers, body } = await fetch(server.url).then(async (response) => ({ headers: response.headers, body: await response.text() }));
    expect(body).toBe('<p>é');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'; base-uri 'none'/);
    expect([headers.get('x-frame-options'), headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual(['DENY', 'nosniff', 'no-referrer']);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    await server.stop();
  });
});
