/** The files that linking writes: CodiEsp-X lines, or JSON lines with every candidate. */
import { configurationError } from '../core/errors.js';
import type { CodeKind } from '../dataset/index.js';
import { codiespLabels } from '../records/codiesp/labels.js';
import type { Candidate, Mention } from './mention.js';

export interface LinkedMention {
  mention: Mention;
  /** Best first; none where no step knew one. */
  candidates: readonly Candidate[];
}

const labels: Record<CodeKind, string> = { ...codiespLabels, rx: 'MEDICACION' };

const spanOf = ({ fragments }: Mention): string => fragments.map(([start, end]) => `${start} ${end}`).join(';');

/** document, span, label, best code in lower case; no text. Mentions without a candidate are left out. */
export function codiespLines(linked: readonly LinkedMention[]): string[] {
  if (linked.some(({ mention }) => !mention.fragments.length)) throw configurationError('--out: CodiEsp-X lines need the place of each mention, and some here have a text only; write a .jsonl file');
  return linked.flatMap(({ mention, candidates: [best] }) => (best ? [[mention.noteId, spanOf(mention), labels[mention.kind], best.code.toLowerCase()].join('\t')] : []));
}

/**
 * A mention a line, with `candidates`. Mentions and the training mentions they matched are patient text: they are written only with `texts`; titles always are.
 */
export function jsonLines(linked: readonly LinkedMention[], { texts }: { texts: boolean }): string[] {
  return linked.map(({ mention: { noteId, kind, code, text, ...mention }, candidates }) =>
    JSON.stringify({
      document: noteId,
      span: spanOf({ ...mention, noteId, kind, text }) || undefined,
      kind,
      gold: code,
      text: texts ? text : undefined,
      candidates: candidates.map(({ surface, ...candidate }) => ({ ...candidate, matched: texts || !fromTraining(candidate.step) ? surface : undefined })),
    }),
  );
}

const fromTraining = (step: Candidate['step']): boolean => step === 'dictionary' || step === 'fuzzy';
