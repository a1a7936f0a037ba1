/** Scores a CodiEsp prediction file against a gold file, in both dialects. */
import { dataError } from '../../core/errors.js';
import { type CodiespTask, hasCodeShape, readCodeLists } from './code-lists.js';
import { codiespEvidenceOfficial, codiespEvidenceStrict } from './evidence-spans.js';
import { type CodeAssignment, codiespOfficial, codiespStrict, type RankedCodesInput } from './ranked-codes.js';
import { readCodeAssignments, readGoldEvidence, readPredictedEvidence } from './tsv.js';

export const codiespTasks: readonly CodiespTask[] = ['codiesp-d', 'codiesp-p', 'codiesp-x'];

export interface ScoreFilesRequest {
  task: CodiespTask;
  gold: string;
  predictions: string;
  /** Files of valid codes; without any, codes are judged by their shape. */
  codes: readonly string[];
}

export interface CodiespScores {
  task: CodiespTask;
  gold_documents: number;
  predicted_documents: number;
  /** Prediction lines whose code does not exist. */
  invalid_predictions: number;
  dialects: Record<'codiesp-official' | 'codiesp-strict', Record<string, number>>;
}

/** @throws data error on a missing, undecodable or malformed file, with file and line */
export function scoreCodiespFiles({ task, gold, predictions, codes }: ScoreFilesRequest): CodiespScores {
  const isValidCode = codes.length ? readCodeLists(codes) : hasCodeShape(task);
  if (task === 'codiesp-x') {
    const input = { gold: notEmpty(readGoldEvidence(gold), gold), predictions: readPredictedEvidence(predictions), isValidCode };
    const dialects = { 'codiesp-official': codiespEvidenceOfficial(input), 'codiesp-strict': codiespEvidenceStrict(input) };
    return { task, ...describeInput(input), dialects };
  }
  const input = { gold: notEmpty(readCodeAssignments(gold), gold), predictions: readCodeAssignments(predictions), isValidCode };
  const dialects = { 'codiesp-official': codiespOfficial(input), 'codiesp-strict': codiespStrict(input) };
  return { task, ...describeInput(input), dialects };
}

function notEmpty<Row>(rows: Row[], file: string): Row[] {
  if (!rows.length) throw dataError(`${file}: no gold codes in it; expected one assignment a line`);
  return rows;
}

function describeInput({ gold, predictions, isValidCode }: RankedCodesInput) {
  const documents = (rows: readonly CodeAssignment[]): number => new Set(rows.map(({ document }) => document)).size;
  return {
    gold_documents: documents(gold),
    predicted_documents: documents(predictions),
    invalid_predictions: predictions.filter(({ code }) => !isValidCode(code.toLowerCase())).length,
  };
}
