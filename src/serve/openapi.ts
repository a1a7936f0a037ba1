/** The OpenAPI document, out of the routes' own schemas. */
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { z } from 'zod';
import { problemSchema } from './problem.js';

/** Statuses that any route may answer, and what they mean. */
const REFUSALS = {
  400: 'No JSON, or no HTTP.',
  401: 'No API key, or a wrong one.',
  403: 'Called by a name that the server does not know.',
  409: 'The model cannot do this.',
  413: 'Too large: the body, a text, or the number of records.',
  415: 'Not application/json.',
  422: 'A field is wrong; `pointer` says which.',
  500: 'The model failed on a record.',
  503: 'Too busy; `Retry-After` says when to try again.',
} as const;

export type Refusal = keyof typeof REFUSALS;

/** What a route declares. */
export interface RouteDocument {
  summary: string;
  tag: 'predictions' | 'model' | 'operation';
  body?: z.ZodType;
  /** The answer's schema, and its media type where it is not JSON. */
  answer: z.ZodType;
  mediaType?: string;
  /** Besides 200. */
  refusals: readonly Refusal[];
  /** Needs no API key. */
  open?: boolean;
}

/** A Fastify schema that documents and checks nothing: requests are checked where they are read, so that errors say where and what. */
export function documented({ summary, tag, body, answer, mediaType, refusals, open = false }: RouteDocument): { schema: FastifySchema } {
  const response = {
    200: mediaType ? { description: summary, content: { [mediaType]: { schema: json(answer, 'output') } } } : { description: summary, ...json(answer, 'output') },
    ...Object.fromEntries(refusals.map((status) => [status, { description: REFUSALS[status], ...json(problemSchema, 'output') }])),
  };
  return { schema: { summary, tags: [tag], ...(body && { body: json(body, 'input') }), response, security: open ? [] : undefined } };
}

function json(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, reused: 'inline' });
  return rest;
}

const DESCRIPTION = `Codes for clinical notes, by a model of medweave. Not for clinical use. Offsets count Unicode code points of the raw text.
Errors are \`{"error": {"code", "message", "pointer"?}}\`; nothing of a request is repeated in them, nor logged.`;

/** Before any route. @param needsKey whether requests need an API key */
export async function addOpenApi(app: FastifyInstance, { version, needsKey }: { version: string; needsKey: boolean }): Promise<void> {
  const securitySchemes = { bearer: { type: 'http', scheme: 'bearer' }, header: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } as const;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'medweave', version, description: DESCRIPTION },
      tags: [{ name: 'predictions' }, { name: 'model' }, { name: 'operation' }],
      ...(needsKey && { components: { securitySchemes }, security: [{ bearer: [] }, { header: [] }] }),
    },
  });
}
