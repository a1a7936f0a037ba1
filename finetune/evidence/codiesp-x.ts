/** Predicted codes and their evidence as CodiEsp's task X wants them: `document<TAB>start end<TAB>label<TAB>code`. */
import type { ExplainedNote } from './explained-note.js';

/** Kind of code → CodiEsp's label; other kinds are no part of the task. */
export const codiespLabels: Readonly<Record<string, string>> = { dx: 'DIAGNOSTICO', px: 'PROCEDIMIENTO' };

/**
 * One line a span of a predicted code, by note, then by rank of the code. A code without a span is left out: the format has no place for it.
 * @returns text of the file, codes in lower case; empty where nothing is predicted
 */
export const codiespXLines = (notes: readonly ExplainedNote[]): string => notes.flatMap(linesOf).join('');

const linesOf = ({ id, codes }: ExplainedNote): string[] =>
  codes.flatMap(({ kind, code, predicted, spans }) => {
    const label = codiespLabels[kind];
    if (!predicted || label === undefined) return [];
    return spans.map(({ start, end }) => `${id}\t${start} ${end}\t${label}\t${code.toLowerCase()}\n`);
  });
