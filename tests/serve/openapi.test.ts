/** The OpenAPI document is valid, names every route, and what it says of answers is so. */
import SwaggerParser from '@apidevtools/swagger-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServing, type Serving } from './serving.js';

let server: Serving;
beforeAll(async () => void (server = await startServing({ apiKey: 'key' })));
afterAll(() => server.stop());

const headers = { 'x-api-key': 'key' };

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; responses: Record<string, { description: string; content?: Record<string, unknown> }>; security?: unknown[]; requestBody?: { content: Record<string, { schema: object }> } }>>;
}

const read = async (): Promise<Document> => (await (await fetch(`${server.url}/openapi.json`, { headers })).json()) as Document;

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    await expect(SwaggerParser.validate(structuredClone(document) as never)).resolves.toBeTruthy();
    await expect(SwaggerParser.validate({ ...structuredClone(document), paths: { '/x': { get: {} } }, info: 1 } as never)).rejects.toThrow();
  });

  it('names every route with its answers', async () => {
    const { paths } = await read();
    expect(Object.entries(paths).map(([path, methods]) => `${Object.keys(methods).join(' ')} ${path}`).sort()).toEqual(
      ['get /health', 'get /metrics', 'get /openapi.json', 'get /ping', 'get /ready', 'get /v1/examples', 'get /v1/model', 'get /version', 'post /invocations', 'post /v1/explain'].sort(),
    );
    for (const [path, methods] of Object.entries(paths)) {
      for (const { summary, responses } of Object.values(methods)) {
        expect(summary, path).toBeTruthy();
        expect(responses[200]!.content, path).toBeDefined();
      }
    }
    expect(Object.keys(paths['/invocations']!.post!.responses)).toEqual(expect.arrayContaining(['200', '400', '401', '413', '415', '422', '503']));
    expect(paths['/health']!.get!.security).toEqual([]);
  });

  it('shows what a request may hold', async () => {
    const { paths } = await read();
    const schema = JSON.stringify(paths['/invocations']!.post!.requestBody!.content['application/json']!.schema);
    for (const name of ['dataframe_records', 'dataframe_split', 'instances', 'params', 'threshold', 'history', 'codes']) expect(schema).toContain(`"${name}"`);
    expect(JSON.stringify(paths['/v1/explain']!.post!.requestBody)).toContain('"top"');
  });
});

describe('for machines', () => {
  const text = async (path: string): Promise<string> => (await fetch(server.url + path, { headers })).text();

  it('/ping, /version, /health and /ready answer', async () => {
    expect(await text('/ping')).toBe('\n');
    expect(await text('/version')).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await text('/health')).toBe('{"status":"alive"}');
    expect(await text('/ready')).toBe('{"status":"ready"}');
  });

  it('/metrics counts requests, records and batches by route', async () => {
    for (const size of [1, 3]) await fetch(`${server.url}/invocations`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ instances: Array.from({ length: size }, () => ({ text: 'a' })) }) });
    await fetch(`${server.url}/anything/else`, { headers });
    const metrics = await text('/metrics');
    expect(metrics).toMatch(/^medweave_requests_total{route="\/invocations",method="POST",status="200"} 2$/m);
    expect(metrics).toMatch(/^medweave_records_total{route="\/invocations"} 4$/m);
    expect(metrics).toMatch(/^medweave_batch_records_sum{work="predict"} 4$/m);
    expect(metrics).toMatch(/^medweave_batch_records_count{work="predict"} 2$/m);
    expect(metrics).toMatch(/^medweave_requests_total{route="none",method="GET",status="404"} 1$/m);
    expect(metrics).toMatch(/^medweave_queue_records 0$/m);
    expect(metrics).toMatch(/^medweave_pending_bytes 0$/m);
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
  });
});
