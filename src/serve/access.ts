/** Who may ask: API keys, and on loopback the names that the server may be called by. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '../core/loopback.js';
import { Problem } from './problem.js';

export interface AccessOptions {
  /** Absent: nobody is asked for one. */
  apiKey?: string;
  /** What the server listens on. */
  host: string;
  /** Further names that clients may call it by. */
  allowedHosts: readonly string[];
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @returns a function that throws Problem 401 for a request without the key */
export function keyCheck(apiKey: string | undefined): (headers: IncomingHttpHeaders) => void {
  if (apiKey === undefined) return () => undefined;
  const expected = digest(apiKey);
  return (headers) => {
    const given = bearer(headers.authorization) ?? headers['x-api-key'];
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return;
    const message = `${given === undefined ? 'no API key' : 'wrong API key'}; send it as "Authorization: Bearer KEY" or "X-API-Key: KEY"`;
    throw new Problem(401, 'unauthorized', message, { headers: { 'www-authenticate': 'Bearer realm="medweave"' } });
  };
}

const bearer = (authorization: string | undefined): string | undefined => /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** As it stands in a URL. */
export const urlHost = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/**
 * A page of another site may call a server on loopback by a name of its own that it lets point there (DNS rebinding); the Host header tells.
 * Elsewhere names are whatever the network says, and checked only when some are listed.
 * @returns a function that throws Problem 403 for a request by another name
 */
export function hostCheck({ host, allowedHosts }: Omit<AccessOptions, 'apiKey'>): (headers: IncomingHttpHeaders) => void {
  if (!isLoopback(host) && !allowedHosts.length) return () => undefined;
  const allowed = new Set([...LOOPBACK_NAMES, urlHost(host), ...allowedHosts].map((name) => name.toLowerCase()));
  return (headers) => {
    const name = (headers.host ?? '').replace(/:\d*$/, '').toLowerCase();
    if (!allowed.has(name)) throw new Problem(403, 'unknown_host', 'this server is not called by the name in the Host header; start it with --allowed-host NAME to allow it');
  };
}
