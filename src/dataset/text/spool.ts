/** A scratch file of token lists: written in any order, read back by row, so that no more than one note is in memory. */
import fs from 'node:fs';

export interface TokenSpool {
  write(row: number, ids: Int32Array): void;
  /** The list of a row, empty when none was written. */
  read(row: number): Int32Array;
  close(): void;
}

export function createTokenSpool(file: string, rows: number): TokenSpool {
  const handle = fs.openSync(file, 'w+');
  const starts = new Float64Array(rows);
  const lengths = new Int32Array(rows);
  let end = 0;
  return {
    write(row, ids) {
      fs.writeSync(handle, new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength), 0, ids.byteLength, end);
      starts[row] = end;
      lengths[row] = ids.length;
      end += ids.byteLength;
    },
    read(row) {
      const ids = new Int32Array(lengths[row]!);
      fs.readSync(handle, new Uint8Array(ids.buffer), 0, ids.byteLength, starts[row]!);
      return ids;
    },
    close() {
      fs.closeSync(handle);
      fs.rmSync(file);
    },
  };
}
