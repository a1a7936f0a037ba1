/** Predicted codes and their evidence as CodiEsp's task X wants them: `document<TAB>start end<TAB>label<TAB>code`. */
import { codiespLabels } from '../../src/records/codiesp/labels.js';
import type { ExplainedNote } from './explained-note.js';

/** Other kinds are no part of the task. */
const labels: Readonly<Record<string, string>> = codiespLabels;

/**
 * One line a span of a predicted code, by note, then by rank of the code. A code without a span is left out: the format has no place for it.
 * @returns text of the file, codes in lower case; empty where nothing is predicted
 */
export const codiespXLines = (notes: readonly ExplainedNote[]): string => notes.flatMap(linesOf).join('');

const linesOf = ({ id, codes }: ExplainedNote): string[] =>
  codes.flatMap(({ kind, code, predicted, spans }) => {
    const label = labels[kind];
    if (!predicted || label === undefined) return [];
    return spans.map(({ start, end }) => `${id}\t${start} ${end}\t${label}\t${code.toLowerCase()}\n`);
  });
