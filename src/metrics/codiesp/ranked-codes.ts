/** CodiEsp-D and CodiEsp-P: mean average precision of ranked codes, and micro precision, recall and F1 of the code sets. */
import { harmonicMean } from '../decisions.js';
import { ratio } from '../mean.js';
import { averagePrecisionAt } from '../ranking.js';

/** Codes further down a document's list do not count (the default of trectools, which the official script calls). */
export const RANKING_DEPTH = 1000;

export interface CodeAssignment {
  document: string;
  code: string;
}

export interface RankedCodesInput {
  gold: readonly CodeAssignment[];
  /** In order of rank within each document. */
  predictions: readonly CodeAssignment[];
  /** Whether a lower-case code exists; predictions of others are dropped before ranking. */
  isValidCode: (code: string) => boolean;
}

type CodesOfDocuments = Map<string, Set<string>>;

/** Lower-case codes of each document in file order, the first of repeated ones. */
function collect(assignments: readonly CodeAssignment[], keep: (code: string) => boolean = () => true): CodesOfDocuments {
  const documents: CodesOfDocuments = new Map();
  for (const { document, code: written } of assignments) {
    const code = written.toLowerCase();
    if (!keep(code)) continue;
    const codes = documents.get(document) ?? new Set();
    documents.set(document, codes.add(code));
  }
  return documents;
}

const total = (documents: CodesOfDocuments): number => [...documents.values()].reduce((n, codes) => n + codes.size, 0);

function scoreRanked({ gold: goldRows, predictions, isValidCode }: RankedCodesInput, documentsOf: (gold: CodesOfDocuments, run: CodesOfDocuments) => number) {
  const gold = collect(goldRows);
  const run = collect(predictions, isValidCode);
  let hits = 0;
  let averagePrecisions = 0;
  for (const [document, codes] of run) {
    const goldCodes = gold.get(document);
    if (!goldCodes) continue;
    const ranks = [...codes].flatMap((code, i) => (goldCodes.has(code) ? [i + 1] : []));
    hits += ranks.length;
    averagePrecisions += averagePrecisionAt(ranks, goldCodes.size, RANKING_DEPTH);
  }
  const precision = ratio(hits, total(run));
  const recall = ratio(hits, total(gold));
  return { map: ratio(averagePrecisions, documentsOf(gold, run)), precision, recall, f1: harmonicMean(precision, recall) };
}

/**
 * As the official script: the sum of average precisions is divided by the documents *present in the run*, so that a gold document without a valid
 * prediction is silently left out (and a document without gold codes counts 0).
 */
export const codiespOfficial = (input: RankedCodesInput) => scoreRanked(input, (_, run) => run.size);

/** Mean average precision over the gold documents; one without a valid prediction counts 0. */
export const codiespStrict = (input: RankedCodesInput) => scoreRanked(input, (gold) => gold.size);
