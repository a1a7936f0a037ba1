import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../src/records/csv/header.js';
import { scanCsv } from '../../src/records/csv/scan.js';
import { temporaryDir } from './raw.js';

const dir = temporaryDir();

function write(content: string | Buffer, name = 'table.csv'): string {
  const file = path.join(dir, name);
  fs.writeFileSync(file, name.endsWith('.gz') ? zlib.gzipSync(content) : content);
  return file;
}

async function read(file: string): Promise<{ rows: (string | null)[][]; lines: number[] }> {
  const rows: (string | null)[][] = [];
  const lines: number[] = [];
  await scanCsv(file, (record) => {
    rows.push(Array.from({ length: record.width }, (_, i) => record.text(i)));
    lines.push(record.line);
  });
  return { rows, lines };
}

describe('scanCsv', () => {
  it('reads quotes, line breaks in fields, CRLF, byte order mark, empty fields and lines', async () => {
    const { rows, lines } = await read(write('\uFEFFa,b\r\n1,"x ""y"",\r\nz"\r\n\r\n,""\r\n"3",5" needle'));
    expect(rows).toEqual([['a', 'b'], ['1', 'x "y",\r\nz'], [null, null], ['3', '5" needle']]);
    expect(lines).toEqual([1, 2, 5, 6]);
  });

  it('gives back what was written, whatever the text (property)', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '😀', ' ') });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 7 });
    await fc.assert(fc.asyncProperty(table, fc.boolean(), async (rows, gzip) => {
      const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\n');
      const { rows: back } = await read(write(quoted, gzip ? 'p.csv.gz' : 'p.csv'));
      expect(back).toEqual(rows.map((row) => row.map((text) => text || null)));
    }), { numRuns: 60 });
  });

  it('reads records that straddle the chunks of a large file', async () => {
    const note = 'word é\n'.repeat(20_011);
    const file = write(`id,text\n${Array.from({ length: 23 }, (_, i) => `${i},"${note}${i}"`).join('\n')}\n`, 'large.csv.gz');
    const { rows } = await read(file);
    expect(rows.length).toBe(24);
    rows.slice(1).forEach(([id, text], i) => {
      expect(id).toBe(String(i));
      expect(text === `${note}${i}`).toBe(true);
    });
  });

  it('names the line of invalid UTF-8 and of unbalanced quotes', async () => {
    await expect(scanCsv(write(Buffer.from('a,b\n1,x\n2,caf\xe9\n', 'latin1')))).rejects.toThrow(/table\.csv line 3: not valid UTF-8/);
    await expect(scanCsv(write('a,b\n1,"x\n2,y\n'))).rejects.toThrow(/line 2: .*unbalanced quotes/);
    await expect(scanCsv(write('a,b\n1,x\n2,"y"z\n'))).rejects.toThrow(/line 3: .*unbalanced quotes/);
  });

  it('refuses truncated and damaged gzip files', async () => {
    const whole = zlib.gzipSync(Array.from({ length: 50_000 }, (_, i) => `${i},${(i * 7919) % 1009}`).join('\n'));
    const file = path.join(dir, 'cut.csv.gz');
    fs.writeFileSync(file, whole.subarray(0, whole.length >> 1));
    await expect(scanCsv(file)).rejects.toThrow(/cut\.csv\.gz: the gzip file is truncated/);
    const wrong = Buffer.from(whole);
    wrong[wrong.length - 6]! ^= 1; // the CRC
    fs.writeFileSync(file, wrong);
    await expect(scanCsv(file)).rejects.toThrow(/damaged/);
    fs.writeFileSync(file, 'a,b\n');
    await expect(scanCsv(file)).rejects.toThrow(/not a gzip file/);
  });
});

describe('readHeader', () => {
  it('gives lower-case names in file order', async () => {
    expect(await readHeader(write('\uFEFF"ROW_ID", Subject_ID ,"TEXT"\r\n1,2,3\r\n'))).toEqual(['row_id', 'subject_id', 'text']);
    expect(await readHeader(write('A,B'))).toEqual(['a', 'b']);
  });

  it('refuses empty files and repeated names', async () => {
    await expect(readHeader(write(''))).rejects.toThrow(/the file is empty/);
    await expect(readHeader(write('', 'empty.csv.gz'))).rejects.toThrow(/the file is empty/);
    await expect(readHeader(write('a,b,A\n'))).rejects.toThrow(/'a' twice/);
  });
});
