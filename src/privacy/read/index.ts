/** Files under the given paths, and each file's pieces by what it is. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataError } from '../../core/errors.js';
import type { Piece } from '../finding.js';
import { jsonPieces } from './json.js';
import { markupPieces } from './markup.js';
import { onnxPieces, safetensorsPieces } from './model-files.js';
import { parquetPieces } from './parquet.js';
import { tablePieces } from './table.js';
import { readablePieces, textPieces } from './text.js';

export { TOKEN_IDS } from './parquet.js';

/** Every file, directories followed to their ends, links not. @throws data error for a path that is not there */
export function filesUnder(paths: readonly string[]): string[] {
  return paths.flatMap((given) => {
    const stat = fs.statSync(given, { throwIfNoEntry: false });
    if (!stat) throw dataError(`${given}: no such file or directory`);
    if (!stat.isDirectory()) return [given];
    return fs.readdirSync(given, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
  });
}

type Reader = (content: string) => Iterable<Piece>;

const byEnding: Record<string, Reader> = {
  ...Object.fromEntries(['.json', '.jsonl', '.ndjson', '.ipynb'].map((ending) => [ending, jsonPieces])),
  ...Object.fromEntries(['.html', '.htm', '.xml', '.svg', '.xhtml'].map((ending) => [ending, markupPieces])),
  '.csv': (content) => tablePieces(content, ','),
  '.tsv': (content) => tablePieces(content, '\t'),
};

/** Formats whose content is packed: it must be unpacked to be looked at. */
export const PACKED: readonly string[] = ['.zip', '.tar', '.tgz', '.7z', '.rar', '.bz2', '.xz', '.zst', '.docx', '.xlsx', '.pptx', '.npz', '.duckdb', '.db', '.sqlite', '.pt', '.pth', '.bin', '.pkl', '.pdf'];

/** The pieces of a file. @throws whatever its format's reader throws; the caller says which file, not what was in it */
export async function* piecesOf(file: string): AsyncGenerator<Piece> {
  yield { line: 0, text: path.basename(file) };
  const ending = path.extname(file).toLowerCase();
  if (ending === '.parquet') yield* parquetPieces(file);
  else if (ending === '.safetensors') yield* safetensorsPieces(file);
  else if (ending === '.onnx') yield* onnxPieces(file);
  else yield* contentPieces(file);
}

const LOOKED_AT_FOR_NUL = 65_536;

function contentPieces(file: string): Iterable<Piece> {
  const isGzip = file.endsWith('.gz');
  const bytes = isGzip ? gunzipSync(fs.readFileSync(file)) : fs.readFileSync(file);
  const ending = path.extname(isGzip ? file.slice(0, -'.gz'.length) : file).toLowerCase();
  if (bytes.subarray(0, LOOKED_AT_FOR_NUL).includes(0)) return readablePieces(bytes.toString('utf8'));
  return (byEnding[ending] ?? textPieces)(decodedText(bytes));
}

/** UTF-8, or Latin-1 where it is not valid. */
function decodedText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
