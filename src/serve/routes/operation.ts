/** What machines ask a server: is it alive, is it ready, which version, how it fares, what it offers. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Metrics } from '../metrics.js';
import { documented } from '../openapi.js';
import { Problem } from '../problem.js';
import { statusAnswer } from '../schemas.js';

export interface OperationRoutes {
  metrics: Metrics;
  version: string;
  isReady: () => boolean;
}

/** These need no API key. */
export const OPEN_ROUTES: readonly string[] = ['/health', '/ready', '/ping'];

export function addOperation(app: FastifyInstance, { metrics, version, isReady }: OperationRoutes): void {
  const open = { tag: 'operation', open: true } as const;
  const guarded = { tag: 'operation', refusals: [401, 403] } as const;
  const text = z.string();

  app.get('/health', documented({ ...open, summary: 'Alive', answer: statusAnswer, refusals: [403] }), async () => ({ status: 'alive' }));
  app.get('/ready', documented({ ...open, summary: 'Ready to answer at once', answer: statusAnswer, refusals: [403, 503] }), async () => {
    if (!isReady()) throw new Problem(503, 'starting', 'the model is still being compiled; try again in some seconds', { retryAfter: 1 });
    return { status: 'ready' };
  });
  app.get('/ping', documented({ ...open, summary: 'Alive, as MLflow asks', answer: text, mediaType: 'text/plain', refusals: [403] }), async (_, reply) => reply.type('text/plain').send('\n'));
  app.get('/version', documented({ ...guarded, summary: 'The version, as MLflow asks', answer: text, mediaType: 'text/plain' }), async (_, reply) => reply.type('text/plain').send(version));
  app.get('/metrics', documented({ ...guarded, summary: 'Figures for Prometheus', answer: text, mediaType: 'text/plain' }), async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.get('/openapi.json', documented({ ...guarded, summary: 'This document', answer: z.looseObject({}) }), async () => app.swagger());
}
