/** Which codes of the vocabularies are labels. */
import { dataError } from '../../src/core/errors.js';
import type { CodeKind, Dataset, VocabularyCode } from '../../src/dataset/index.js';
import { partsOf, type LabelGroup } from '../heads/label-space.js';
import { codesWithin } from './codes-within.js';

/** What of `finetune.labels` selects the labels. */
export interface WantedLabels {
  kinds: readonly CodeKind[];
  min_count: number;
  top?: number;
  /** Only codes within these nodes of their hierarchies. */
  within?: readonly string[];
  /** Also codes that no training visit carries. */
  extra?: boolean;
  /** What evaluation counts as gold; `all` where absent. */
  gold?: 'all' | 'labels';
}

/** The labels: for each kind first the learnt ones, most frequent first, then those that no training visit carries. */
export interface CodeLabels {
  groups: LabelGroup[];
  /** Of all groups, end to end. */
  codes: (VocabularyCode & { kind: CodeKind })[];
}

/** Codes that at least `min_count` training visits carry, and extra ones. @throws data error when there is none to learn */
export function codeLabels(dataset: Dataset, wanted: WantedLabels): CodeLabels {
  const { kinds, min_count, extra } = wanted;
  const eligible = eligibleCodes(dataset, wanted);
  const rowsWhere = (kind: CodeKind, holds: (count: number) => boolean): number[] =>
    dataset.vocabulary.kinds[kind].flatMap(({ count }, row) => (eligible[kind]![row] && holds(count) ? [row] : []));
  const learnt = mostFrequent(dataset, Object.fromEntries(kinds.map((kind) => [kind, rowsWhere(kind, (count) => count >= min_count)])), wanted);
  if (!kinds.some((kind) => learnt[kind]!.length)) throw dataError(`${dataset.dir}: no ${kinds.join(' or ')} code has ${min_count} training visits or more: there is nothing to learn; lower finetune.labels.min_count`);
  const groups = kinds.map((kind) => ({ kind, rows: Int32Array.from([...learnt[kind]!, ...(extra ? rowsWhere(kind, (count) => count === 0) : [])]) }));
  const present = groups.filter(({ rows }) => rows.length);
  return { groups: present, codes: present.flatMap(({ kind, rows }) => Array.from(rows, (row) => ({ ...dataset.vocabulary.kinds[kind][row]!, kind }))) };
}

/** The `top` most frequent of all kinds together; of equally frequent ones those of the first kind, in the vocabulary's order. */
function mostFrequent({ vocabulary }: Dataset, rows: Partial<Record<CodeKind, number[]>>, { kinds, top }: WantedLabels): Partial<Record<CodeKind, number[]>> {
  if (top === undefined) return rows;
  const all = kinds.flatMap((kind) => rows[kind]!.map((row) => ({ kind, row, count: vocabulary.kinds[kind][row]!.count })));
  const kept = all.sort((a, b) => b.count - a.count).slice(0, top);
  return Object.fromEntries(kinds.map((kind) => [kind, kept.flatMap((one) => (one.kind === kind ? [one.row] : []))]));
}

/** Kind → row of the vocabulary → 1 where the code may be a label, however rare. @throws configuration error when nothing lies within a node */
export function eligibleCodes({ vocabulary }: Dataset, { kinds, within }: WantedLabels): Partial<Record<CodeKind, Uint8Array>> {
  const all = kinds.flatMap((kind) => vocabulary.kinds[kind]);
  const flags = within ? codesWithin(all, within) : new Uint8Array(all.length).fill(1);
  const parts = partsOf(flags, kinds.map((kind) => vocabulary.kinds[kind].length));
  return Object.fromEntries(kinds.map((kind, i) => [kind, parts[i]!]));
}
