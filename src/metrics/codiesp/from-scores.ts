/** The CodiEsp figures of a score matrix, as if every visit's labels had been submitted in order of score. */
import { countDecisions, microAverage } from '../decisions.js';
import type { CodingFigures } from '../dialects/coding-input.js';
import { sum } from '../mean.js';
import { averagePrecisionOfVisits } from '../ranking.js';
import { RANKING_DEPTH } from './ranked-codes.js';

function figuresAt({ matrix, goldTotal, ranks }: CodingFigures, threshold: number, documents: number) {
  const averagePrecisions = averagePrecisionOfVisits(ranks, RANKING_DEPTH).filter((value) => !Number.isNaN(value));
  return { map: sum(averagePrecisions) / documents, ...microAverage(countDecisions(matrix, { threshold }).byLabel, goldTotal) };
}

/** MAP over the documents of the run: all of them, also those without gold codes. */
export const codiespOfficialRanking = (figures: CodingFigures, threshold: number) => figuresAt(figures, threshold, figures.matrix.V);

/** MAP over the documents with gold codes. */
export const codiespStrictRanking = (figures: CodingFigures, threshold: number) =>
  figuresAt(figures, threshold, figures.goldCounts.filter((count) => count > 0).length);
