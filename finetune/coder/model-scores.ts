/** Probabilities of another model for notes, as `medweave predict` writes them (.jsonl). */
import { dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { readLines } from '../../src/metrics/text-lines.js';
import type { CodeScores } from './document-scores.js';
import type { Note } from './note.js';

/** @param system whose codes are taken; a file may hold those of several kinds @throws data error (file, line) for a line of another form, or when no note has a line */
export function readModelScores(file: string, { notes, system, log }: { notes: readonly Note[]; system: string; log: Logger }): Map<string, CodeScores> {
  const scores = new Map(readLines(file).map(({ line, text }) => parseLine(text, system, `${file}:${line}`)));
  const missing = notes.filter(({ id }) => !scores.has(id));
  if (missing.length === notes.length) throw dataError(`${file}: no line for any of the ${notes.length} notes, e.g. ${missing[0]!.id}; give the model's probabilities for these notes`);
  if (missing.length) log.warn(`${file}: no line for ${missing.length} of ${notes.length} notes, e.g. ${missing[0]!.id}; they go without`);
  return scores;
}

function parseLine(text: string, system: string, where: string): [string, CodeScores] {
  try {
    const { visit_id, codes } = JSON.parse(text) as { visit_id: string; codes: { system: string; code: string; probability: number }[] };
    return [visit_id, new Map(codes.filter((one) => one.system === system).map(({ code, probability }) => [code, probability]))];
  } catch (cause) {
    throw dataError(`${where}: expected a line of \`medweave predict --out FILE.jsonl\`: {"visit_id", "codes": [{"system", "code", "probability"}]}`, cause);
  }
}
