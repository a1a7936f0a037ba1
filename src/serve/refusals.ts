/** One form for everything that goes wrong: our own refusals, the framework's, and what never becomes a request. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../core/log.js';
import { bodyOf, Problem } from './problem.js';
import { withoutMessage } from './request-log.js';

/** Of every answer. */
export const SECURITY_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

const METHODS = ['GET', 'POST'];

export function addRefusals(http: FastifyInstance, log: Logger): void {
  const refuse = async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const problem = asProblem(error);
    if (problem.statusCode === 500) log.error(withoutMessage(problem.cause), 'a request failed');
    await drained(request.raw);
    return sendProblem(reply, problem);
  };
  // Methods with a body fail for the body before it is known that nothing takes them.
  http.setErrorHandler((error, request, reply) => refuse(request.is404 && !(error instanceof Problem) ? noRoute(http, request) : error, request, reply));
  http.setNotFoundHandler((request, reply) => refuse(noRoute(http, request), request, reply));
}

/** Bytes; who sends more after a refusal is cut off. */
const MOST_DRAINED = 64 * 2 ** 20;

/** Reads and forgets what is left of a body: a client that first sends it all would otherwise find the connection closed, and never read why. */
function drained(body: IncomingMessage): Promise<void> {
  if (body.complete || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = MOST_DRAINED;
    body.on('data', (chunk: Buffer) => (left -= chunk.length) < 0 && resolve());
    body.once('end', resolve).once('close', resolve).resume();
  });
}

/** @returns 405 where the path takes another method, else 404 */
function noRoute(http: FastifyInstance, { raw }: FastifyRequest): Problem {
  const url = raw.url!.split('?', 1)[0]!;
  const allowed = METHODS.filter((method) => http.hasRoute({ method, url }));
  if (!allowed.length) return new Problem(404, 'not_found', 'no such path; GET /openapi.json lists them');
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new Problem(405, 'wrong_method', `this path takes ${allow}`, { headers: { allow } });
}

/** The framework closes the connection after a body that it cannot read; ours have been read to their end. */
export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.removeHeader('connection').code(problem.statusCode).headers({ ...SECURITY_HEADERS, ...problem.headers }).type('application/json').send(JSON.stringify(bodyOf(problem)));

/** Fastify's own errors by their code; their messages quote the request. */
const FRAMEWORK: Record<string, [status: number, code: string, message: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too_large', 'the body is larger than this server takes; send fewer records at a time (GET /v1/model tells the limits)'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'wrong_media_type', 'expected a body of Content-Type: application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'malformed', 'the body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: [400, 'malformed', 'the path is not well-formed'],
};

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = '', statusCode = 500 } = error as Partial<FastifyError>;
  const known = FRAMEWORK[code];
  if (known) return new Problem(...known);
  if (statusCode < 500) return new Problem(statusCode, 'malformed', 'the request is not well-formed');
  return new Problem(500, 'internal', 'the server failed; its log says where', { cause: error });
}

const RAW: Record<string, [status: string, problem: Problem]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', new Problem(431, 'too_large', 'the headers are too large')],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', new Problem(408, 'timeout', 'the request did not come in time')],
};
const NOT_HTTP: [string, Problem] = ['400 Bad Request', new Problem(400, 'malformed', 'not a well-formed HTTP request')];

/** What is no HTTP never becomes a request. */
export function refuseRaw(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, problem] = RAW[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(bodyOf(problem));
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}
