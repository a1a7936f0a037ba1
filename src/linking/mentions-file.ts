/** Mentions in a tab-separated file of the user's, or of another command's such as `medweave probe`: a header line names the columns. */
import fs from 'node:fs';
import { quotedCell } from '../core/error-text.js';
import { dataError } from '../core/errors.js';
import type { CodeKind } from '../dataset/index.js';
import type { Mention } from './mention.js';
import { mentionAt, parseSpan, type Notes } from './store-mentions.js';

const kindNames: Record<string, CodeKind> = { dx: 'dx', diagnostico: 'dx', px: 'px', procedimiento: 'px', rx: 'rx' };

export interface MentionsFileOptions {
  /** Where places are looked up. */
  notes: Notes;
  /** Of mentions whose line names none. */
  kind: CodeKind;
}

interface Line {
  where: string;
  cell(...names: string[]): string | undefined;
}

/**
 * Columns: `document`, and `span` (`12 20;31 40`), `start` and `end`, or `text`; besides `kind` (or `label`, `type`) and `code`, if any.
 * Mentions with a place get the note's text there; others their own. @throws data error with file and line
 */
export function readMentions(file: string, { notes, kind }: MentionsFileOptions): Mention[] {
  const points = new Map<string, string[]>();
  const pointsOf = (id: string): string[] | undefined => {
    if (!points.has(id) && notes.has(id)) points.set(id, Array.from(notes.get(id)!));
    return points.get(id);
  };
  return readLines(file).map(({ where, cell }): Mention => {
    const noteId = cell('document') ?? fail(where, 'has no document');
    const own = { kind: kindOf(cell('kind', 'label', 'type'), where) ?? kind, code: cell('code')?.toUpperCase() };
    const fragments = placeOf({ where, cell });
    if (!fragments) return { noteId, fragments: [], text: cell('text') ?? fail(where, 'has neither a place (span, or start and end) nor a text'), ...own };
    const note = pointsOf(noteId) ?? fail(where, 'names a document that is not in this split of the store');
    if (fragments.some(([, end]) => end > note.length)) fail(where, `its place ends after the note's last character (${note.length})`);
    return mentionAt(noteId, fragments, { note, ...own });
  });
}

const fail = (where: string, what: string): never => {
  throw dataError(`${where}: ${what}`);
};

function readLines(file: string): Line[] {
  if (!fs.existsSync(file)) throw dataError(`${file}: no such file`);
  const [header, ...lines] = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '').split(/\r?\n/);
  const columns = header!.split('\t').map((name) => name.trim().toLowerCase());
  if (!columns.includes('document')) throw dataError(`${file}:1: expected a header line with the column document, and span, start and end, or text, separated by tabs`);
  return lines.flatMap((line, i) => {
    if (!line.trim()) return [];
    const cells = line.split('\t');
    return { where: `${file}:${i + 2}`, cell: (...names) => names.map((name) => cells[columns.indexOf(name)]?.trim()).find(Boolean) };
  });
}

function kindOf(name: string | undefined, where: string): CodeKind | undefined {
  if (name === undefined) return undefined;
  return kindNames[name.toLowerCase()] ?? fail(where, `kind ${quotedCell(name)}; expected ${Object.keys(kindNames).join(', ')}`);
}

function placeOf({ where, cell }: Line): Mention['fragments'] | undefined {
  const [start, end] = [cell('start'), cell('end')];
  const span = cell('span') ?? (start !== undefined && end !== undefined ? `${start} ${end}` : undefined);
  if (span === undefined) return undefined;
  return parseSpan(span) ?? fail(where, 'expected a place such as `12 20` or `12 20;31 40`, in characters');
}
