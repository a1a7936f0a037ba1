/** What became of every record: the content of `coverage.json`. */

/** One raw file; `records` = `kept` + `merged` + `rejected` + the sum of `set_aside`. */
export interface FileCoverage {
  file: string;
  records: number;
  /** Records that are in the store as rows of their own. */
  kept: number;
  /** Records that repeat a kept one (the same code in the same visit). */
  merged: number;
  /** Records in `rejects.parquet`. */
  rejected: number;
  /** Records that are sound and not wanted, by reason (an earlier version of a note, a container among the drugs). */
  set_aside: Record<string, number>;
}

/** Visits and patients left after a step of the cohort flow; each step includes those above it. */
export interface FlowStep {
  step: string;
  visits: number;
  patients: number;
}

export interface CodeCoverage {
  kind: string;
  system: string;
  /** Rows in `codes.parquet`. */
  rows: number;
  distinct: number;
  /** Distinct codes of which no table knows even a prefix, and their rows. */
  unknown_distinct: number;
  unknown_rows: number;
}

export interface NameCount {
  name: string;
  rows: number;
}

export interface DrugCoverage {
  /** Prescription rows that name a drug, containers and diluents included. */
  named_rows: number;
  mapped_rows: number;
  /** Mapped rows as a share of the rows that name a drug, containers, diluents and what is no drug aside; null without such rows. */
  mapped_share: number | null;
  /** Mapped rows by the source of the mapping. */
  by_source: Record<string, number>;
  /** Rows set aside by reason, with their names by frequency. */
  skipped: Record<string, { rows: number; names: NameCount[] }>;
  unmapped: { rows: number; distinct: number; most_frequent: NameCount[] };
}

export interface EvidenceCoverage {
  spans: number;
  /** Spans whose annotated text is not what the raw text holds there; kept, since the annotation is the gold standard. */
  not_matching_text: number;
}

export interface Coverage {
  source: string;
  files: FileCoverage[];
  flow: FlowStep[];
  codes: CodeCoverage[];
  notes: { visits_with_note: number };
  drugs?: DrugCoverage;
  evidence?: EvidenceCoverage;
  /** Oddities of the source that were kept as they are, with counts. */
  quirks: Record<string, number>;
  /** What the reader of the store should know, one sentence each. */
  notices: string[];
}

export const createCoverage = (source: string): Coverage => ({
  source, files: [], flow: [], codes: [], notes: { visits_with_note: 0 }, quirks: {}, notices: [],
});

/** The files whose records are not all accounted for; there should be none. */
export function unaccountedFiles(files: readonly FileCoverage[]): FileCoverage[] {
  return files.filter(({ records, kept, merged, rejected, set_aside }) =>
    records !== kept + merged + rejected + Object.values(set_aside).reduce((sum, n) => sum + n, 0));
}
