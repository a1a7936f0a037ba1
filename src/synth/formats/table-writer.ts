/** Streams rows to a CSV file, gzipped or not, in bounded memory. */
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import zlib from 'node:zlib';

export type Cell = string | number | null;

export interface TableWriter {
  row(cells: readonly Cell[]): void;
  /** A row that is already text and needs no quoting. */
  line(text: string): void;
  /** Waits when the disk is behind; call it now and then. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface TableOptions {
  header: readonly string[];
  gzip: boolean;
  /** MIMIC-III quotes every text, MIMIC-IV only where needed. */
  quoteText: boolean;
}

const BUFFERED_CHARACTERS = 1 << 16;
const GZIP_LEVEL = 5;

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function formatCell(cell: Cell, quoteText: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return quoteText || /[",\r\n]/.test(cell) ? quote(cell) : cell;
}

/** Opens `file` (plus `.gz` when gzipped) and writes its header. */
export function openTable(file: string, { header, gzip, quoteText }: TableOptions): TableWriter {
  const target = gzip ? `${file}.gz` : file;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const disk = fs.createWriteStream(target);
  const stream = gzip ? zlib.createGzip({ level: GZIP_LEVEL }) : disk;
  if (gzip) stream.pipe(disk);
  const written = finished(disk);
  // A full disk is reported by close(); until then the rejection has no other listener.
  written.catch(() => undefined);
  let buffer = `${header.map((name) => formatCell(name, quoteText)).join(',')}\n`;
  const flush = (): void => {
    if (buffer) stream.write(buffer);
    buffer = '';
  };
  const line = (text: string): void => {
    buffer += `${text}\n`;
    if (buffer.length >= BUFFERED_CHARACTERS) flush();
  };
  return {
    line,
    row: (cells) => line(cells.map((cell) => formatCell(cell, quoteText)).join(',')),
    async drain() {
      if (stream.writableNeedDrain) await Promise.race([once(stream, 'drain'), written]);
    },
    async close() {
      flush();
      stream.end();
      await written;
    },
  };
}
