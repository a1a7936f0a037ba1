/** Turns a planned batch into the arrays a model takes. Masks are 1 where there is something, 0 on padding. */
import { codeKinds, type CodeKind } from '../config.js';
import type { VisitColumns } from '../open.js';
import { CODE_CLS } from '../vocabulary.js';
import { CHUNK_SPECIALS, chunksOf } from './chunks.js';
import type { BatchPlan } from './plan.js';

/** Codes of one kind, as sets: [CLS], then each id once. */
export interface CodeBatch {
  /** Ids, B × S. */
  ids: Int32Array;
  /** B × S. */
  mask: Uint8Array;
  /** B: whether the visit has codes of this kind. */
  present: Uint8Array;
  /** S. */
  width: number;
}

/** Notes in chunks: B × C × W. */
export interface TextBatch {
  /** C. */
  chunks: number;
  /** W. */
  width: number;
  /** Word piece ids; in each chunk [CLS] … [SEP] [PAD] …; just [CLS] [SEP] in the first chunk where there is no text. */
  ids: Int32Array;
  mask: Uint8Array;
  /** B: whether the visit has text. */
  present: Uint8Array;
}

export interface Batch {
  /** B: row of the data set, −1 for padding rows. */
  rows: Int32Array;
  /** B: 0 for padding rows. */
  rowMask: Uint8Array;
  text: TextBatch;
  codes: Record<CodeKind, CodeBatch>;
}

/** A visit without text has BERT's empty input, so that no row of attention is empty; `present` says which rows count. */
function fillText({ tokenizer, tokens }: VisitColumns, { rows, text: { chunks, width }, chunking }: BatchPlan): TextBatch {
  const { pad, cls, sep } = tokenizer.special;
  const ids = new Int32Array(rows.length * chunks * width).fill(pad);
  const mask = new Uint8Array(ids.length);
  const present = new Uint8Array(rows.length);
  rows.forEach((row, b) => {
    const note = row < 0 ? tokens.values.subarray(0, 0) : tokens.row(row);
    chunksOf(note.length, chunking).forEach(({ start, end }, c) => {
      const at = (b * chunks + c) * width;
      const content = note.subarray(start, end);
      ids[at] = cls;
      ids.set(content, at + 1);
      ids[at + 1 + content.length] = sep;
      mask.fill(1, at, at + content.length + CHUNK_SPECIALS);
    });
    present[b] = note.length ? 1 : 0;
  });
  return { chunks, width, ids, mask, present };
}

/** Likewise, a visit without codes has [CLS]; `present` says which rows count. */
function fillCodes(visits: VisitColumns, { rows, codeWidths }: BatchPlan, kind: CodeKind): CodeBatch {
  const width = codeWidths[kind];
  const ids = new Int32Array(rows.length * width);
  const mask = new Uint8Array(rows.length * width);
  const present = new Uint8Array(rows.length);
  rows.forEach((row, b) => {
    const set = row < 0 ? [] : [...new Set(visits.codes[kind].row(row))].slice(0, width - 1);
    ids[b * width] = CODE_CLS;
    ids.set(set, b * width + 1);
    mask.fill(1, b * width, b * width + 1 + set.length);
    present[b] = set.length ? 1 : 0;
  });
  return { ids, mask, present, width };
}

/** A pure function of the data set and the plan; equal plans give equal batches, and a visit's arrays do not depend on its neighbours. */
export function fillBatch(visits: VisitColumns, plan: BatchPlan): Batch {
  const codes = Object.fromEntries(codeKinds.map((kind) => [kind, fillCodes(visits, plan, kind)])) as Record<CodeKind, CodeBatch>;
  const rowMask = Uint8Array.from(plan.rows, (row) => (row < 0 ? 0 : 1));
  return { rows: plan.rows, rowMask, text: fillText(visits, plan), codes };
}
