/** What a request is refused with. Messages are ours alone: nothing of a request is ever repeated in them. */
import { z } from 'zod';

export interface ProblemOptions {
  /** JSON pointer of the field that is wrong. */
  pointer?: string;
  /** Seconds after which to try again. */
  retryAfter?: number;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer that is no result: a status, a code for programs and one line for people. */
export class Problem extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly pointer?: string;
  readonly headers: Record<string, string>;

  constructor(statusCode: number, code: string, message: string, { pointer, retryAfter, headers, cause }: ProblemOptions = {}) {
    super(message, { cause });
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.code = code;
    if (pointer !== undefined) this.pointer = pointer;
    this.headers = { ...headers, ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  }
}

export const problemSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.string().describe('For programs, e.g. `wrong_field`.'),
      message: z.string().describe('One line: what is wrong, where, and what to do.'),
      pointer: z.string().optional().describe('JSON pointer (RFC 6901) of the field that is wrong.'),
    }),
  })
  .describe('Why the request was refused.');

export const bodyOf = ({ code, message, pointer }: Problem): z.input<typeof problemSchema> => ({ error: { code, message, ...(pointer !== undefined && { pointer }) } });

export type JsonPath = readonly PropertyKey[];

/** RFC 6901; the empty path is the whole document. */
export const pointerOf = (path: JsonPath): string => path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const wrongField = (path: JsonPath, message: string): Problem => {
  const pointer = pointerOf(path);
  return new Problem(422, 'wrong_field', `${pointer || 'the body'}: ${message}`, { pointer });
};

export const tooLarge = (path: JsonPath, message: string): Problem => {
  const pointer = pointerOf(path);
  return new Problem(413, 'too_large', `${pointer}: ${message}`, { pointer });
};

/** Short and made like a name: what else somebody puts in a field's place may be anything, a patient's name included. */
const nameLike = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;

const unknownFields = (keys: readonly string[]): string => {
  const named = keys.filter((key) => nameLike.test(key)).slice(0, 5);
  const others = keys.length - named.length;
  return [...named, ...(others ? [`${others} more`] : [])].join(', ');
};

/** @param path where the value stands in the body @param fields what the object may have, for people */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, { path, fields }: { path: JsonPath; fields: string }): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue, ...others] = result.error.issues;
  const expected = issue!.path.length ? '' : `; expected ${fields}`;
  const message = issue!.code === 'unrecognized_keys' ? `unknown field ${unknownFields(issue!.keys)}${expected}` : issue!.message;
  throw wrongField([...path, ...issue!.path], `${message}${others.length ? ` (and ${others.length} more)` : ''}`);
}
