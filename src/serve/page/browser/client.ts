/** Requests to the server that served the page: the key is kept here, in memory; whatever goes wrong becomes a sentence. */

export interface Failure {
  /** `key`: it wants another API key; `busy`: it may answer later; `input`: the request must change. */
  kind: 'key' | 'busy' | 'input' | 'evidence' | 'server' | 'unreachable' | 'cancelled';
  message: string;
  /** How long to wait, where the server said so. */
  retryAfterSeconds?: number;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export interface Client {
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<T>>;
  setKey(key: string): void;
}

/** @param send `fetch` of the browser */
export function createClient(send: typeof fetch): Client {
  let key: string | undefined;
  const headers = (): Record<string, string> => (key === undefined ? {} : { Authorization: `Bearer ${key}` });
  return {
    get: (path) => answerOf(send(path, { headers: headers() }), key),
    post: (path, body, signal) => {
      const request = { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal };
      return answerOf(send(path, request), key);
    },
    setKey: (given) => {
      key = given === '' ? undefined : given;
    },
  };
}

async function answerOf<T>(request: Promise<Response>, key?: string): Promise<Answer<T>> {
  try {
    const response = await request;
    const body: unknown = await response.json().catch(() => undefined);
    return response.ok && body !== undefined ? { ok: true, value: body as T } : { ok: false, failure: failureOf(response, body, key) };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return { ok: false, failure: { kind: 'cancelled', message: 'Cancelled.' } };
    return { ok: false, failure: { kind: 'unreachable', message: 'The server does not answer. Is medweave serve still running? Start it again, then try again.' } };
  }
}

function failureOf(response: Response, body: unknown, key?: string): Failure {
  const { code, message } = (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  const said = message ?? `The server answered ${response.status} ${response.statusText}`.trim();
  const kind = kindOf(response.status, code);
  if (kind === 'key') return { kind, message: key === undefined ? 'This server asks for an API key.' : 'The server does not know this API key.' };
  const seconds = Number.parseFloat(response.headers.get('Retry-After') ?? '');
  return { kind, message: said, ...(kind === 'busy' && { retryAfterSeconds: Number.isFinite(seconds) ? seconds : 1 }) };
}

function kindOf(status: number, code = ''): Failure['kind'] {
  if (status === 401) return 'key';
  if (status === 429 || status === 503) return 'busy';
  if (/evidence|explain/.test(code)) return 'evidence';
  return status < 500 ? 'input' : 'server';
}
