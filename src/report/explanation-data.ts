/** What the page of explained notes shows; whoever predicted the codes. */
import type { TextRange } from './segments.js';

export interface ShownSpan extends TextRange {
  /** Share of the code's evidence, 0–1. */
  weight: number;
  /** What found it. */
  source: string;
}

export interface HierarchyNode {
  node: string;
  title?: string;
}

export interface ShownCode {
  system: string;
  code: string;
  title?: string;
  /** From the chapter down to the code's nearest ancestor. */
  ancestors: readonly HierarchyNode[];
  /** Absent for codes that only the annotators gave. */
  probability?: number;
  predicted: boolean;
  /** By falling weight. */
  spans: readonly ShownSpan[];
  /** Annotators gave it to the note; undefined where annotations are not shown. */
  annotated?: boolean;
  /** Where they marked it. */
  marked: readonly TextRange[];
}

export interface ShownNote {
  id: string;
  /** Raw. */
  text: string;
  codes: readonly ShownCode[];
}

export interface ExplanationReport {
  title: string;
  /** What predicted, and of which notes. */
  summary: string;
  notes: readonly ShownNote[];
  /** What the data's owners ask of whoever holds a copy. */
  licence?: string;
  /** Whether annotations are shown. */
  annotated: boolean;
  version: string;
  createdAt: string;
}
