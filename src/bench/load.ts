/** A load generator: so many clients with a connection each, who send their next request when the last is answered. */
import http from 'node:http';

export interface LoadOptions {
  url: string;
  clients: number;
  /** In all. */
  requests: number;
  /** JSON, sent in turn. */
  bodies: readonly string[];
  signal: AbortSignal;
}

export interface Load {
  seconds: number;
  /** How many got which status; `0` are those without an answer. */
  statuses: Record<number, number>;
  /** Milliseconds of each answer, ascending. */
  latencies: number[];
}

/** @throws the signal's reason when it is aborted */
export async function load({ url, clients, requests, bodies, signal }: LoadOptions): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const statuses: Record<number, number> = {};
  const latencies: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < requests) {
      signal.throwIfAborted();
      const sentAt = performance.now();
      const status = await post(url, bodies[next++ % bodies.length]!, agent);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(performance.now() - sentAt);
    }
  };
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
  }
  return { seconds: (performance.now() - start) / 1000, statuses, latencies: latencies.sort((a, b) => a - b) };
}

/** @returns the status; 0 for no answer */
function post(url: string, body: string, agent: http.Agent): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0)).on('error', () => resolve(0));
    });
    request.on('error', () => resolve(0)).end(body);
  });
}

/** @param sorted ascending @param share 0–1 */
export const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
