/** The HTTP application: routes, and the checks before them. */
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Predictor } from '../../finetune/predictor/index.js';
import type { Logger } from '../core/log.js';
import { packageVersion } from '../core/paths.js';
import { hostCheck, keyCheck, type AccessOptions } from './access.js';
import { createAdmission } from './admission.js';
import { parseJsonBody } from './json-body.js';
import type { Limits } from './limits.js';
import { createMetrics } from './metrics.js';
import { addOpenApi } from './openapi.js';
import { Problem } from './problem.js';
import { addRefusals, asProblem, refuseRaw, SECURITY_HEADERS, sendProblem } from './refusals.js';
import type { PageFile } from './page/files.js';
import { addRequestLog } from './request-log.js';
import { addModel } from './routes/model.js';
import { addOperation, OPEN_ROUTES } from './routes/operation.js';
import { addPage } from './routes/page.js';
import { addPredictions } from './routes/predictions.js';
import { createWork, type Work } from './work.js';

/** `starting`: predictions wait until the model is compiled; `stopping`: only what has begun is answered. */
export type ServerState = 'starting' | 'ready' | 'stopping';

export interface AppOptions extends AccessOptions {
  predictor: Predictor;
  limits: Limits;
  pages: readonly PageFile[];
  state: () => ServerState;
  log: Logger;
}

export interface App {
  http: FastifyInstance;
  work: Work;
}

/** Milliseconds in which a request's head, and all of it, must have come. */
const HEAD_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 60_000;
const CHECK_CONNECTIONS_EVERY = 2_000;
const KEEP_ALIVE = 65_000;

export async function createApp({ predictor, limits, pages, state, log, ...access }: AppOptions): Promise<App> {
  const http = openHttp(limits);
  const version = packageVersion();
  const admission = createAdmission(limits);
  const metrics = createMetrics({ version, waiting: () => work.waiting, pendingBytes: () => admission.pendingBytes });
  const work = createWork({ predictor, limits, onBatch: (report) => metrics.batch(report) });

  addRequestLog(http, { log, metrics });
  addChecks(http, { ...access, state, open: new Set([...OPEN_ROUTES, ...pages.map(({ path }) => path)]) });
  http.addHook('onRequest', async (request, reply) => {
    if (request.method === 'POST' && !request.is404) admission.admit(request, reply);
  });
  addRefusals(http, log);

  await addOpenApi(http, { version, needsKey: access.apiKey !== undefined });
  addPredictions(http, { work, card: predictor.card, limits });
  addModel(http, { predictor, limits });
  addOperation(http, { metrics, version, isReady: () => state() === 'ready' });
  addPage(http, pages);
  await http.ready();
  return { http, work };
}

function openHttp({ maxBody }: Limits): FastifyInstance {
  const http = fastify({
    bodyLimit: maxBody,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: HEAD_TIMEOUT, connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY },
    // Its own log lines and messages quote paths and bodies.
    logger: false,
    return503OnClosing: false,
    frameworkErrors: (error, _, reply) => sendProblem(reply as FastifyReply, asProblem(error)),
    clientErrorHandler: refuseRaw,
  });
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => parseJsonBody(body));
  // What is documented is not compiled: requests are checked where they are read, and answers are ours.
  http.setValidatorCompiler(() => () => true);
  http.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return http;
}

interface Checks extends AccessOptions {
  state: () => ServerState;
  /** Paths that need no key. */
  open: ReadonlySet<string>;
}

function addChecks(http: FastifyInstance, { open, state, ...access }: Checks): void {
  const [checkHost, checkKey] = [hostCheck(access), keyCheck(access.apiKey)];
  http.addHook('onRequest', async ({ headers, routeOptions }, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (state() === 'stopping') throw new Problem(503, 'stopping', 'the server is stopping; try again later', { retryAfter: 5, headers: { connection: 'close' } });
    checkHost(headers);
    if (!open.has(routeOptions.url ?? '')) checkKey(headers);
  });
}
