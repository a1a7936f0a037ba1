/** What the ICD-coding dialects share: the matrix, the gold counts, and the figures that each would otherwise compute again. */
import { averagePrecision } from '../average-precision.js';
import { checkGoldCounts, checkMatrix, goldInside, type LabelMatrix } from '../matrix.js';
import { sum } from '../mean.js';
import { type GoldRanks, rankGold } from '../ranking.js';
import { areaUnderRoc } from '../roc-auc.js';
import { separateAll, separateLabel } from '../separation.js';

export interface CodingInput extends LabelMatrix {
  /** [V]: gold codes of each visit, including those outside the label space; by default those inside. */
  goldCounts?: Int32Array;
}

export interface CodingFigures {
  matrix: LabelMatrix;
  goldCounts: Int32Array;
  goldTotal: number;
  ranks: GoldRanks;
  microAuc: number;
  /** [L], NaN where undefined. */
  aucByLabel: Float64Array;
  microAveragePrecision: number;
  /** [L], NaN where undefined. */
  averagePrecisionByLabel: Float64Array;
}

/** Checks the input and computes what does not depend on a threshold. Curves see the label space only; recall sees every gold code. */
export function codingFigures(input: CodingInput): CodingFigures {
  checkMatrix(input);
  const goldCounts = input.goldCounts ?? goldInside(input);
  checkGoldCounts(input, goldCounts);
  const goldTotal = sum(goldCounts);
  return { matrix: input, goldCounts, goldTotal, ranks: rankGold(input, goldCounts), ...curveFigures(input, goldTotal) };
}

/** Sorting dominates the cost, so both areas come from one sort. */
function curveFigures(matrix: LabelMatrix, goldTotal: number) {
  const pooled = separateAll(matrix);
  const aucByLabel = new Float64Array(matrix.L);
  const averagePrecisionByLabel = new Float64Array(matrix.L);
  for (let l = 0; l < matrix.L; l++) {
    const separation = separateLabel(matrix, l);
    aucByLabel[l] = areaUnderRoc(separation);
    averagePrecisionByLabel[l] = averagePrecision(separation);
  }
  return { microAuc: areaUnderRoc(pooled), aucByLabel, microAveragePrecision: averagePrecision(pooled, goldTotal), averagePrecisionByLabel };
}
