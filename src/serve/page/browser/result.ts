/** What a person downloads: each code with its probability and decision, as JSON or CSV. */
import type { ModelCard } from './card.js';
import type { Span } from './contract.js';
import { listed, type ListedCode } from './listing.js';
import type { Review, State } from './state.js';

export interface ResultCode {
  kind: string | null;
  system: string;
  code: string;
  title: string | null;
  /** Null of codes that a person added. */
  score: number | null;
  /** By the model's rule, or the threshold below. */
  predicted: boolean;
  decision: 'accepted' | 'rejected' | 'open';
  from: 'model' | 'person';
  /** Half-open, in Unicode code points of the raw text. */
  spans: readonly Span[];
}

export interface Result {
  record: { id: string | null; codes: string[]; text?: string };
  model: ModelCard | null;
  coded_at: string;
  written_at: string;
  /** Null: the model's own rule. */
  threshold: number | null;
  codes: ResultCode[];
  unknown_codes: readonly string[];
  truncated: boolean;
  notice: string;
}

export interface ResultOptions {
  card?: ModelCard;
  /** ISO 8601. */
  writtenAt: string;
  includeText: boolean;
}

export function resultOf(state: Pick<State, 'threshold'> & { review: Review }, { card, writtenAt, includeText }: ResultOptions): Result {
  const { record, unknown, truncated, codedAt } = state.review;
  return {
    record: { id: record.id || null, codes: record.codes.map(({ system, code }) => `${system}:${code}`), ...(includeText && { text: record.text }) },
    model: card ?? null,
    coded_at: codedAt,
    written_at: writtenAt,
    threshold: state.threshold ?? null,
    codes: listed(state).map(resultCode),
    unknown_codes: unknown,
    truncated,
    notice: 'Not for clinical use.',
  };
}

const resultCode = ({ kind, system, code, title, score, counts, decision, from, spans }: ListedCode): ResultCode => ({
  kind: kind ?? null,
  system,
  code,
  title: title ?? null,
  score: score ?? null,
  predicted: counts && from === 'model',
  decision: decision ?? 'open',
  from,
  spans,
});

export const toJson = (result: Result): string => `${JSON.stringify(result, null, 2)}\n`;

/** One line a code; the note's text, where included, in every line. RFC 4180. */
export function toCsv({ record, model, coded_at, written_at, threshold, codes }: Result): string {
  const shared = { task: model?.task, version: model?.version, coded_at, written_at, threshold };
  const lines = codes.map(({ kind, system, code, title, score, predicted, decision, from }) => ({
    record_id: record.id,
    kind,
    system,
    code,
    title,
    score,
    predicted,
    decision,
    from,
    ...shared,
    ...(record.text !== undefined && { text: record.text }),
  }));
  const header = Object.keys(lines[0] ?? {}).join(',');
  return [header, ...lines.map((line) => Object.values(line).map(csvCell).join(','))].map((line) => `${line}\r\n`).join('');
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it: notes come from anywhere. */
function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value.replace(/^(?=[=+\-@\t\r])/, "'") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file's name that every system takes. */
export function fileName(id: string, writtenAt: string, ending: string): string {
  const name = id.normalize('NFKD').replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `medweave-${name || 'note'}-${writtenAt.slice(0, 19).replace(/[:T]/g, '-')}.${ending}`;
}
