/** Turns a planned batch into the arrays a model takes. Masks are 1 where there is something, 0 on padding. */
import { codeKinds, type CodeKind } from '../config.js';
import type { Dataset } from '../open.js';
import { CODE_CLS } from '../vocabulary.js';
import { TEXT_SPECIALS, type BatchPlan } from './plan.js';

/** Codes of one kind, as sets: [CLS], then each id once. */
export interface CodeBatch {
  /** Ids, B × C. */
  ids: Int32Array;
  /** B × C. */
  mask: Uint8Array;
  /** B: whether the visit has codes of this kind. */
  present: Uint8Array;
  /** C. */
  width: number;
}

export interface Batch {
  /** B: row of the data set, −1 for padding rows. */
  rows: Int32Array;
  /** B: 0 for padding rows. */
  rowMask: Uint8Array;
  /** T. */
  tokenLength: number;
  /** Word piece ids, B × T: [CLS] … [SEP] [PAD] …; just [CLS] [SEP] where there is no text. */
  ids: Int32Array;
  /** B × T. */
  textMask: Uint8Array;
  /** B: whether the visit has text. */
  hasText: Uint8Array;
  codes: Record<CodeKind, CodeBatch>;
}

const noTokens = new Int32Array(0);

/** A visit without text has BERT's empty input, so that no row of attention is empty; `hasText` says which rows count. */
function fillText(dataset: Dataset, { rows, tokenLength }: BatchPlan): Pick<Batch, 'ids' | 'textMask' | 'hasText'> {
  const { pad, cls, sep } = dataset.tokenizer.special;
  const ids = new Int32Array(rows.length * tokenLength).fill(pad);
  const textMask = new Uint8Array(rows.length * tokenLength);
  const hasText = new Uint8Array(rows.length);
  rows.forEach((row, b) => {
    const tokens = row < 0 ? noTokens : dataset.tokens.row(row).subarray(0, tokenLength - TEXT_SPECIALS);
    const start = b * tokenLength;
    ids[start] = cls;
    ids.set(tokens, start + 1);
    ids[start + 1 + tokens.length] = sep;
    textMask.fill(1, start, start + tokens.length + TEXT_SPECIALS);
    hasText[b] = tokens.length ? 1 : 0;
  });
  return { ids, textMask, hasText };
}

/** Likewise, a visit without codes has [CLS]; `present` says which rows count. */
function fillCodes(dataset: Dataset, { rows, codeWidths }: BatchPlan, kind: CodeKind): CodeBatch {
  const width = codeWidths[kind];
  const ids = new Int32Array(rows.length * width);
  const mask = new Uint8Array(rows.length * width);
  const present = new Uint8Array(rows.length);
  rows.forEach((row, b) => {
    const set = row < 0 ? [] : [...new Set(dataset.codes[kind].row(row))].slice(0, width - 1);
    ids[b * width] = CODE_CLS;
    ids.set(set, b * width + 1);
    mask.fill(1, b * width, b * width + 1 + set.length);
    present[b] = set.length ? 1 : 0;
  });
  return { ids, mask, present, width };
}

/** A pure function of the data set and the plan; equal plans give equal batches, and a visit's arrays do not depend on its neighbours. */
export function fillBatch(dataset: Dataset, plan: BatchPlan): Batch {
  const codes = Object.fromEntries(codeKinds.map((kind) => [kind, fillCodes(dataset, plan, kind)])) as Record<CodeKind, CodeBatch>;
  const rowMask = Uint8Array.from(plan.rows, (row) => (row < 0 ? 0 : 1));
  return { rows: plan.rows, rowMask, tokenLength: plan.tokenLength, ...fillText(dataset, plan), codes };
}
