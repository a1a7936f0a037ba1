/** Servers for tests: on a port of the system's choice, with a log that is kept. */
import pino from 'pino';
import { limitsSchema, serve, type Limits, type ServeOptions } from '../../src/serve/index.js';
import { fakePredictor } from './fake-predictor.js';

export interface Serving {
  url: string;
  port: number;
  /** Everything that was logged, JSON lines. */
  logged(): string;
  /** Tells it to stop. @returns when it has */
  stop(): Promise<void>;
}

export type ServingOptions = Partial<Omit<ServeOptions, 'limits'>> & { limits?: Partial<Limits> };

export async function startServing({ limits, ...options }: ServingOptions = {}): Promise<Serving> {
  const lines: string[] = [];
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(line) });
  const end = new AbortController();
  let done = Promise.resolve();
  const url = await new Promise<string>((resolve, reject) => {
    done = serve({
      predictor: fakePredictor(), pages: [], limits: limitsSchema.parse(limits ?? {}), host: '127.0.0.1', port: 0, allowedHosts: [], log, signal: end.signal, onReady: resolve, ...options,
    });
    done.catch(reject);
  });
  const stop = (): Promise<void> => {
    end.abort();
    return done;
  };
  return { url, port: Number(new URL(url).port), logged: () => lines.join(''), stop };
}

export interface Answered<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** A request with a JSON body, or any other. */
export async function post<Body = Record<string, unknown>>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered<Body>> {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', body: raw as BodyInit, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

export interface Refused {
  error: { code: string; message: string; pointer?: string };
}
