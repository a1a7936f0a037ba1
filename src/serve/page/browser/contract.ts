/** What the server answers, as `GET /openapi.json` describes it; offsets are Unicode code points of the raw text. */
import type { TextRange } from '../../../report/segments.js';

/** A code that the client knows already. */
export interface GivenCode {
  system: string;
  code: string;
}

export interface Span extends TextRange {
  /** Share of the code's evidence, 0–1. */
  weight: number;
  /** What found it. */
  source: string;
}

export interface CodedCode extends GivenCode {
  kind?: string;
  title?: string;
  /** Probability, 0–1. */
  score: number;
  /** By the model's own rule. */
  predicted: boolean;
  /** From the top down to the code itself. */
  hierarchy: readonly { code: string; title?: string }[];
  spans: readonly Span[];
}

/** `POST /v1/explain`. */
export interface Coded {
  codes: readonly CodedCode[];
  unknown_codes: readonly string[];
  truncated: boolean;
}

/** `POST /invocations`, of one record, with `params.describe`. */
export interface Scored {
  codes: readonly string[];
  systems: readonly string[];
  scores: readonly number[];
  thresholded: readonly string[];
  described?: readonly Pick<CodedCode, 'kind' | 'title' | 'hierarchy'>[];
  unknown_codes?: readonly string[];
  truncated?: boolean;
}

/** `GET /v1/examples`: one of them. */
export interface Example {
  name: string;
  text: string;
  codes: readonly GivenCode[];
}
