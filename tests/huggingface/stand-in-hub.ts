/** A local server that answers as the Hugging Face hub does, from files given to it. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInHub {
  address: string;
  /** `METHOD path` of each request so far. */
  requests: string[];
  /** Authorization header of each request so far. */
  authorizations: (string | undefined)[];
  /** `organisation/model/resolve/revision/file` → content; a number is a status to answer, `cut` breaks off halfway. */
  files: Record<string, Buffer | number | { cut: Buffer }>;
  close(): Promise<void>;
}

export async function startStandInHub(): Promise<StandInHub> {
  const hub: Omit<StandInHub, 'address' | 'close'> = { requests: [], authorizations: [], files: {} };
  const server = http.createServer((request, response) => {
    hub.requests.push(`${request.method} ${request.url}`);
    hub.authorizations.push(request.headers.authorization);
    answer(hub.files[decodeURI(request.url!.slice(1))] ?? 404, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); });
  return Object.assign(hub, { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close });
}

function answer(file: StandInHub['files'][string], request: http.IncomingMessage, response: http.ServerResponse): void {
  if (typeof file === 'number') {
    response.writeHead(file).end();
    return;
  }
  const content = Buffer.isBuffer(file) ? file : file.cut;
  response.writeHead(200, { 'content-length': content.length });
  if (request.method === 'HEAD') response.end();
  else if (Buffer.isBuffer(file)) response.end(content);
  else response.write(content.subarray(0, content.length >> 1), () => response.destroy());
}
