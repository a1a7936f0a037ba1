/** A note with the codes that something predicts for it and the places of its text that speak for each, whatever predicted them. */

/** A half-open range of Unicode code points of the raw note. */
export interface EvidenceSpan {
  start: number;
  end: number;
  /** Share of the code's evidence, 0–1. */
  weight: number;
  /** What found it: `label attention`, `mention`, … */
  source: string;
}

export interface ExplainedCode {
  /** `dx`, `px`, `rx`. */
  kind: string;
  system: string;
  /** Canonical: upper case, with its dot. */
  code: string;
  title?: string;
  probability: number;
  /** Above the threshold. */
  predicted: boolean;
  spans: EvidenceSpan[];
}

export interface ExplainedNote {
  id: string;
  /** Raw. */
  text: string;
  /** By falling probability. */
  codes: ExplainedCode[];
}
