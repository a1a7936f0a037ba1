/** Scores a CodiEsp prediction file against a gold file, in both dialects. */
import { dataError } from '../../core/errors.js';
import { type CodeCheck, type CodeValidity, codeValidity, type CodiespTask } from './code-lists.js';
import { codiespEvidenceOfficial, codiespEvidenceStrict } from './evidence-spans.js';
import { type CodeAssignment, codiespOfficial, codiespStrict, type RankedCodesInput } from './ranked-codes.js';
import { readCodeAssignments, readGoldEvidence, readPredictedEvidence } from './tsv.js';

export const codiespTasks: readonly CodiespTask[] = ['codiesp-d', 'codiesp-p', 'codiesp-x'];

export interface ScoreFilesRequest {
  task: CodiespTask;
  gold: string;
  predictions: string;
  /** Files of valid codes; without any, codes are judged by their shape, unless most gold codes have another. */
  codes: readonly string[];
  /** Without lists: take every code for one that exists. */
  anyCode?: boolean;
}

export interface CodiespScores {
  task: CodiespTask;
  gold_documents: number;
  predicted_documents: number;
  code_check: CodeCheck;
  /** Prediction lines whose code does not exist. */
  invalid_predictions: number;
  dialects: Record<'codiesp-official' | 'codiesp-strict', Record<string, number>>;
}

/** @throws data error on a missing, undecodable or malformed file, with file and line */
export function scoreCodiespFiles({ task, gold, predictions, codes, anyCode = false }: ScoreFilesRequest): CodiespScores {
  const validityFor = (rows: readonly CodeAssignment[]): CodeValidity => codeValidity(task, { lists: codes, anyCode, goldCodes: rows.map(({ code }) => code) });
  if (task === 'codiesp-x') {
    const spans = notEmpty(readGoldEvidence(gold), gold);
    const validity = validityFor(spans);
    const input = { gold: spans, predictions: readPredictedEvidence(predictions), isValidCode: validity.isValidCode };
    const dialects = { 'codiesp-official': codiespEvidenceOfficial(input), 'codiesp-strict': codiespEvidenceStrict(input) };
    return { task, ...describeInput(input, validity), dialects };
  }
  const assignments = notEmpty(readCodeAssignments(gold), gold);
  const validity = validityFor(assignments);
  const input = { gold: assignments, predictions: readCodeAssignments(predictions), isValidCode: validity.isValidCode };
  const dialects = { 'codiesp-official': codiespOfficial(input), 'codiesp-strict': codiespStrict(input) };
  return { task, ...describeInput(input, validity), dialects };
}

function notEmpty<Row>(rows: Row[], file: string): Row[] {
  if (!rows.length) throw dataError(`${file}: no gold codes in it; expected one assignment a line`);
  return rows;
}

function describeInput({ gold, predictions, isValidCode }: RankedCodesInput, { check }: CodeValidity) {
  const documents = (rows: readonly CodeAssignment[]): number => new Set(rows.map(({ document }) => document)).size;
  return {
    gold_documents: documents(gold),
    predicted_documents: documents(predictions),
    code_check: check,
    invalid_predictions: predictions.filter(({ code }) => !isValidCode(code.toLowerCase())).length,
  };
}
