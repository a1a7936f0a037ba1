/** Notes with the mentions that annotators marked in them, whatever corpus they come from. */
import type { SplitName } from '../../src/dataset/index.js';

/** A half-open range of Unicode code points of a raw text. */
export interface Span {
  start: number;
  end: number;
}

export interface Mention extends Span {
  type: string;
}

export interface AnnotatedMention extends Mention {
  /** In several pieces; the span is from the first start to the last end. */
  discontinuous?: boolean;
}

export interface AnnotatedNote {
  id: string;
  /** Raw. */
  text: string;
  mentions: AnnotatedMention[];
}

export interface AnnotatedCorpus {
  /** Types of mentions, in the order of their tags. */
  types: readonly string[];
  /** Notes by id; `test` may be empty. */
  splits: Record<SplitName, AnnotatedNote[]>;
}

/** The same place and type. */
export const sameMention = (a: Mention, b: Mention): boolean => a.start === b.start && a.end === b.end && a.type === b.type;

export const overlap = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
