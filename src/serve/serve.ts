/** A server's life: it listens, compiles the model, answers until it is told to stop, and finishes what it has begun. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { configurationError } from '../core/errors.js';
import { isLoopback } from '../core/loopback.js';
import { urlHost } from './access.js';
import { createApp, type AppOptions, type ServerState } from './app.js';

export interface ServeOptions extends Omit<AppOptions, 'state'> {
  /** 0: the system chooses. */
  port: number;
  /** Ends it. */
  signal: AbortSignal;
  /** Once it answers at once. */
  onReady(url: string): void;
}

/** @throws configuration error for an address that cannot be listened on */
export async function serve({ port, signal, onReady, ...options }: ServeOptions): Promise<void> {
  let state: ServerState = 'starting';
  const { http, work } = await createApp({ ...options, state: () => state });
  try {
    const { host, predictor, log } = options;
    await http.listen({ host, port }).catch((cause: unknown) => {
      throw configurationError(`--host ${host} --port ${port}: cannot listen (${(cause as NodeJS.ErrnoException).code}); choose another address, or --port 0 for any free port`, cause);
    });
    const url = `http://${urlHost(host)}:${(http.server.address() as AddressInfo).port}`;
    log.info(`listening at ${url}, compiling the model`);
    await predictor.warmUp();
    work.start();
    state = 'ready';
    onReady(url);
    await aborted(signal);
    log.info(`stopping; ${work.waiting} records wait to be answered`);
  } finally {
    // Where the model could not be compiled nobody will be answered.
    const patience = state === 'ready' ? options.limits.timeout * 1000 : 0;
    state = 'stopping';
    await finish(http, patience);
  }
}

/** How often connections are looked at that were kept for further requests. */
const LOOK_EVERY = 50;

/** Requests that are being answered are answered; who is slower than `patience` (milliseconds) is cut off. */
async function finish(http: FastifyInstance, patience: number): Promise<void> {
  const letGo = setInterval(() => http.server.closeIdleConnections(), LOOK_EVERY);
  const cutOff = setTimeout(() => http.server.closeAllConnections(), patience);
  await http.close();
  clearInterval(letGo);
  clearTimeout(cutOff);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** @throws configuration error when anybody in the network could ask */
export function expectGuarded({ host, apiKey, auth }: { host: string; apiKey?: string; auth: boolean }): void {
  if (!auth && apiKey !== undefined) throw configurationError('--no-auth: there is an API key too; give one of them');
  if (auth && apiKey === undefined && !isLoopback(host)) {
    throw configurationError(`--host ${host}: anybody in the network could send requests; give a key with --api-key-file or MEDWEAVE_API_KEY, or --no-auth if something in front of the server asks for one`);
  }
}
