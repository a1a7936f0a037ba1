import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messageOf, quotedCell, stackOf } from '../../src/core/error-text.js';
import { dataError } from '../../src/core/errors.js';
import { withDuckDB } from '../../src/records/store.js';

const SECRET = 'zebulon';

async function thrownBy(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('what is said of an error', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['JSON', () => JSON.parse(`${SECRET} was here`), /^not valid JSON/],
    ['JSON that ends early', () => JSON.parse(`{"a": "${SECRET}`), /^not valid JSON/],
    ['CSV', () => parse(`a,b\n${SECRET} "x",2\n`), /^invalid opening quote on line 2$/],
    ['zod', () => z.strictObject({ a: z.enum(['x']) }).parse({ a: SECRET }), /^wrong fields: a \(invalid_value\)$/],
    ['DuckDB', () => withDuckDB({}, (connection) => connection.run(`select '${SECRET}'::integer`)), /^Conversion Error$/],
  ])('by %s does not quote what was read', async (_, work, said) => {
    const error = await thrownBy(work);
    expect(messageOf(error)).toMatch(said);
    expect(stackOf(error)).not.toContain(SECRET);
    expect(stackOf(error)).toMatch(/^\w+: .*\(what it read is not shown\)/);
  });

  it('keeps our own messages, on one line', () => {
    expect(messageOf(dataError('a.csv: not valid JSON\n  here'))).toBe('a.csv: not valid JSON here');
    expect(messageOf('text')).toBe('text');
  });
});

it('a cell is quoted when it is as short as a code', () => {
  expect(quotedCell('E11.9')).toBe('"E11.9"');
  expect(quotedCell('She came with pain in her knee')).toBe('a text of 30 characters');
});
