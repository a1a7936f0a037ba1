/** The bytes of a plain or gzipped file, with errors that say what is wrong with the file. */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { dataError } from '../../core/errors.js';

const CHUNK = 1 << 20;

const zlibFaults: Record<string, string> = {
  Z_BUF_ERROR: 'the gzip file is truncated',
  Z_DATA_ERROR: 'the gzip file is damaged, or not a gzip file',
};

/**
 * Yields a file's bytes in chunks of about 1 MiB; gunzips by the name's ending. zlib checks each member's CRC and length, which
 * DuckDB does not.
 * @throws data error when the file cannot be read or decompressed to its end
 */
export async function* byteChunks(file: string): AsyncGenerator<Buffer> {
  const source = fs.createReadStream(file, { highWaterMark: CHUNK });
  const stream = file.toLowerCase().endsWith('.gz') ? source.pipe(zlib.createGunzip({ chunkSize: CHUNK })) : source;
  if (stream !== source) source.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw dataError(`${file}: ${zlibFaults[code] ?? `cannot be read (${code || message})`}; fetch it again`, cause);
  } finally {
    source.destroy();
  }
}
