/** Explained notes of a directory that `medweave code` wrote. */
import fs from 'node:fs';
import path from 'node:path';
import type { EvidenceSpan, ExplainedCode, ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { expectArtifact } from '../../core/artifact.js';
import { dataError } from '../../core/errors.js';
import { noticesOf, type Notices } from '../../core/notices.js';

export interface CodedNotes {
  notes: ExplainedNote[];
  notices: Notices;
}

/**
 * @param visits only these notes @param top codes a note, the most probable; predicted ones are there in any case
 * @throws data error when the directory is none of `medweave code`, or a note is not in it
 */
export function readCodedNotes(dir: string, { visits, top }: { visits?: readonly string[]; top: number }): CodedNotes {
  const manifest = expectArtifact(dir, 'code');
  const all = fs.readFileSync(path.join(dir, 'notes.jsonl'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as ExplainedNote);
  const byId = new Map(all.map((note) => [note.id, note]));
  const missing = visits?.filter((id) => !byId.has(id)) ?? [];
  if (missing.length) throw dataError(`${dir}: no note ${missing.join(', ')}; notes.jsonl holds ${all.length} notes, e.g. ${all[0]!.id}`);
  const chosen = visits ? visits.map((id) => byId.get(id)!) : all;
  return { notes: chosen.map((note) => ({ ...note, codes: note.codes.filter(({ predicted }, rank) => predicted || rank < top).map(separate) })), notices: noticesOf(manifest) };
}

/** Of places that overlap only the best: a coder writes several boundaries of one mention, a reader wants to see it once. */
function separate(code: ExplainedCode): ExplainedCode {
  const kept: EvidenceSpan[] = [];
  for (const span of code.spans) if (!kept.some(({ start, end }) => span.start < end && start < span.end)) kept.push(span);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return { ...code, spans: kept.map((span) => ({ ...span, weight: span.weight / total })) };
}
