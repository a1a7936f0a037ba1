/** Drug–drug interactions: which pairs of recommended medications should not be given together, from a table that the user brings. */
import path from 'node:path';
import { configurationError, dataError } from '../core/errors.js';
import { readLines, type TextLine } from './text-lines.js';

export interface DrugInteractions {
  /** Number of labels. */
  L: number;
  /** [L * L], symmetric: 1 where two labels interact. */
  interacts: Uint8Array;
}

const SEPARATORS: Record<string, string> = { '.tsv': '\t', '.csv': ',' };

/** An ATC code of any of the five levels. */
const ATC = /^[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$/;

/**
 * Reads pairs of interacting ATC codes, of any level, and finds the labels they concern. A code and a label match when one is a prefix of the other: a
 * pair of substances marks the groups that they belong to (SafeDrug's reading), a pair of groups all that is in them.
 * @param file `.tsv` or `.csv`: two codes a line, further columns ignored; a first line without codes is a heading
 * @param labels ATC codes of the labels, in the order of the score matrix
 * @throws data error with file and line; also when no two labels interact by the table
 */
export function readInteractions(file: string, labels: readonly string[]): DrugInteractions {
  const pairs = readPairs(file);
  const L = labels.length;
  const interacts = new Uint8Array(L * L);
  const labelsOf = matcher(labels);
  for (const [one, other] of pairs) {
    for (const a of labelsOf(one)) {
      for (const b of labelsOf(other)) if (a !== b) interacts[a * L + b] = interacts[b * L + a] = 1;
    }
  }
  if (!interacts.includes(1)) throw dataError(`${file}: none of its ${pairs.length} pairs concerns two of the ${L} medications of the task; expected ATC codes such as B01AA03`);
  return { L, interacts };
}

/** Labels that a code matches, looked up once for each code. */
function matcher(labels: readonly string[]): (code: string) => readonly number[] {
  const known = new Map<string, number[]>();
  return (code) => {
    const found = known.get(code) ?? [...labels.keys()].filter((l) => labels[l]!.startsWith(code) || code.startsWith(labels[l]!));
    known.set(code, found);
    return found;
  };
}

function readPairs(file: string): [string, string][] {
  const separator = SEPARATORS[path.extname(file).toLowerCase()];
  if (separator === undefined) throw configurationError(`${file}: expected a table of interactions ending in ${Object.keys(SEPARATORS).join(' or ')}`);
  const rows = readLines(file).map(({ line, text }) => ({ line, cells: text.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1').toUpperCase()) }));
  const hasHeading = rows[0] !== undefined && !rows[0].cells.some((cell) => ATC.test(cell));
  const body = hasHeading ? rows.slice(1) : rows;
  if (!body.length) throw dataError(`${file}: no pairs; expected two ATC codes a line`);
  return body.map((row) => pairOf(file, row));
}

function pairOf(file: string, { line, cells }: Pick<TextLine, 'line'> & { cells: readonly string[] }): [string, string] {
  const [one = '', other = ''] = cells;
  const wrong = [one, other].find((cell) => !ATC.test(cell));
  if (wrong !== undefined) throw dataError(`${file}:${line}: expected two ATC codes such as B01AA03 or B01, got ${JSON.stringify(wrong)}; remove or correct the line`);
  return [one, other];
}
