/** Bounds the memory that requests take while they are read and wait: beyond it they are refused before their body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

export interface Admission {
  /** @throws Problem 503 */
  admit(request: FastifyRequest, reply: FastifyReply): void;
  /** Of all requests that are being read or wait. */
  readonly pendingBytes: number;
}

/** @param maxBody what a request without a length may grow to @param maxPending bytes */
export function createAdmission({ maxBody, maxPending }: { maxBody: number; maxPending: number }): Admission {
  let pending = 0;
  return {
    admit({ headers }, reply) {
      const announced = Number(headers['content-length'] ?? maxBody);
      // A longer one is refused for its length, unread.
      const bytes = announced > maxBody ? 0 : announced;
      if (pending > 0 && pending + bytes > maxPending) throw new Problem(503, 'busy', 'too many requests wait; try again later', { retryAfter: 1 });
      pending += bytes;
      reply.raw.once('close', () => (pending -= bytes));
    },
    get pendingBytes() {
      return pending;
    },
  };
}
