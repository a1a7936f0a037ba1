/** Has a record coded: with evidence where the model has any, again while the server is busy. */
import type { Answer, Client } from './client.js';
import type { Coded, Scored } from './contract.js';
import type { Draft } from './state.js';

export interface CodingOptions {
  client: Client;
  /** Whether the model says where its codes come from. */
  evidence: boolean;
  /** Whether the record is sent as a past visit. */
  past: boolean;
  signal: AbortSignal;
  /** Told before each wait. */
  onWait(seconds: number): void;
  wait(seconds: number, signal: AbortSignal): Promise<void>;
}

/** Codes to ask for: all that are predicted come in any case. */
const TOP = 30;
const TRIES = 4;
const LONGEST_WAIT_SECONDS = 10;

/** @returns codes by falling probability */
export async function code(record: Draft, options: CodingOptions): Promise<Answer<Coded>> {
  const explained = options.evidence ? await patiently(() => explain(record, options), options) : undefined;
  if (explained && (explained.ok || explained.failure.kind !== 'evidence')) return explained;
  return patiently(() => score(record, options), options);
}

async function patiently<T>(ask: () => Promise<Answer<T>>, { onWait, wait, signal }: CodingOptions): Promise<Answer<T>> {
  for (let left = TRIES - 1; ; left--) {
    const answer = await ask();
    if (answer.ok || answer.failure.kind !== 'busy' || left === 0 || signal.aborted) return answer;
    const seconds = Math.min(answer.failure.retryAfterSeconds ?? 1, LONGEST_WAIT_SECONDS);
    onWait(seconds);
    await wait(seconds, signal);
  }
}

const explain = (record: Draft, { client, signal, past }: CodingOptions): Promise<Answer<Coded>> =>
  client.post<Coded>('/v1/explain', { ...bodyOf(record, past), top: TOP }, signal);

async function score(record: Draft, { client, signal, past }: CodingOptions): Promise<Answer<Coded>> {
  const request = { dataframe_records: [bodyOf(record, past)], params: { top: TOP, describe: true } };
  const answer = await client.post<{ predictions: readonly Scored[] }>('/invocations', request, signal);
  return answer.ok ? { ok: true, value: fromScores(answer.value.predictions[0]!) } : answer;
}

/** Absent where empty: a model that was trained on notes and codes answers for either alone. The record's id stays here. */
function bodyOf({ text, codes }: Draft, past: boolean): Record<string, unknown> {
  const visit = { ...(text && { text }), ...(codes.length && { codes: codes.map(({ system, code }) => ({ system, code })) }) };
  return past ? { history: [visit] } : visit;
}

export function fromScores({ codes, systems, scores, thresholded, described = [], unknown_codes = [], truncated = false }: Scored): Coded {
  const predicted = new Set(thresholded);
  return {
    codes: codes.map((code, n) => ({ system: systems[n]!, code, score: scores[n]!, predicted: predicted.has(code), spans: [], hierarchy: [], ...described[n] })),
    unknown_codes,
    truncated,
  };
}

/** Ends early when the request is cancelled. */
export const waitFor = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
