/** One line a request: method, route, status, time, size, records. Never a path, a query, a header or a body as the client sent it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../core/log.js';
import type { Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Records in the request, once they are read. */
    records: number;
  }
}

/** The pattern, not the path; what matches no route may be anything. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'none';

/** Looked at every few seconds by machines. */
const QUIET_ROUTES = new Set(['/health', '/ready', '/ping', '/metrics']);

export function addRequestLog(app: FastifyInstance, { log, metrics }: { log: Logger; metrics: Metrics }): void {
  app.decorateRequest('records', 0);
  app.addHook('onResponse', async (request, reply) => {
    const [route, ms] = [routeOf(request), reply.elapsedTime];
    metrics.request({ route, method: request.method, status: reply.statusCode, seconds: ms / 1000 });
    if (request.records && reply.statusCode < 400) metrics.records(route, request.records);
    const bytes = Number(request.headers['content-length'] ?? 0);
    const line = { method: request.method, route, status: reply.statusCode, ms: Math.round(10 * ms) / 10, bytes, records: request.records };
    log[QUIET_ROUTES.has(route) ? 'debug' : 'info'](line, 'request');
  });
}

/** Where in our own code it happened: the kind of error and the frames of its stack, without its message, which may quote what was read. */
export function withoutMessage(error: unknown): { error: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  const frames = behindMessage(error).split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8);
  return { error: error.name, at: frames.map((line) => line.trim().replace(/^at /, '')).join(' < ') };
}

/** A message may hold lines that look like frames. */
function behindMessage({ stack = '', message }: Error): string {
  const at = stack.lastIndexOf(message);
  return at < 0 ? '' : stack.slice(at + message.length);
}
