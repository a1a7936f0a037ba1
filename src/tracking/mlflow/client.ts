/** Requests to an MLflow server, and what its refusals mean. */
import type { z } from 'zod';
import type { ServerAddress } from './address.js';

/** Why a request did not succeed. Its message says so in a few words; what was sent is not in it. */
export class MlflowFailure extends Error {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** MLflow's own, e.g. RESOURCE_DOES_NOT_EXIST. */
  readonly code: string | undefined;

  constructor(message: string, { status, code, cause }: { status?: number; code?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'MlflowFailure';
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export interface RequestOptions {
  /** Milliseconds until the server is given up. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface MlflowRequest<Schema extends z.ZodType = z.ZodType> extends RequestOptions {
  method: 'GET' | 'POST' | 'PUT';
  /** Below the server's address. */
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, `bytes` long. */
  body?: ReadableStream<Uint8Array>;
  bytes?: number;
  /** What the answer has to hold. */
  answer: Schema;
}

export interface MlflowClient {
  readonly address: ServerAddress;
  /** @throws {@link MlflowFailure} */
  request<Schema extends z.ZodType>(request: MlflowRequest<Schema>): Promise<z.output<Schema>>;
}

export const REQUEST_TIMEOUT = 30_000;

export const createClient = (address: ServerAddress): MlflowClient => ({
  address,
  async request(request) {
    const response = await send(address, request);
    const text = await response.text().catch((cause: unknown) => {
      throw noAnswer(cause);
    });
    if (!response.ok) throw refusal(response.status, text);
    const answer = request.answer.safeParse(parseAnswer(text));
    if (!answer.success) throw new MlflowFailure(`${response.status}, but the answer is not MLflow's`, { status: response.status });
    return answer.data;
  },
});

async function send({ url, authorization }: ServerAddress, { method, path, json, body, bytes, timeout = REQUEST_TIMEOUT, signal }: MlflowRequest): Promise<Response> {
  const headers: Record<string, string> = { ...(authorization ? { authorization } : {}) };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (bytes !== undefined) headers['content-length'] = String(bytes);
  const signals = [AbortSignal.timeout(Math.ceil(timeout)), ...(signal ? [signal] : [])];
  // `duplex` is what a streamed body needs; the types of this Node do not know it.
  const options = { method, headers, body: json === undefined ? body : JSON.stringify(json), signal: AbortSignal.any(signals), redirect: 'follow', duplex: 'half' } as RequestInit;
  return fetch(url + path, options).catch((cause: unknown) => {
    throw noAnswer(cause);
  });
}

function noAnswer(cause: unknown): MlflowFailure {
  const { name, message, cause: inner } = cause as Error;
  const reason = (inner as NodeJS.ErrnoException | undefined)?.code ?? (name === 'TimeoutError' ? 'it took too long' : message);
  return new MlflowFailure(`no answer (${reason})`, { cause });
}

/** The first line of MLflow's message; pages of proxies are not shown. */
function refusal(status: number, text: string): MlflowFailure {
  const { error_code: code, message } = isObject(parseAnswer(text)) as { error_code?: string; message?: string };
  return new MlflowFailure(`${status}${code ? ` ${code}` : ''}${message ? `: ${message.split('\n')[0]!.slice(0, 300)}` : ''}`, { status, code });
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
