/** Which codes count as existing: those of a list; without one, those that have the shape of CodiEsp's codes; of a corpus with other codes, all. */
import { dataError } from '../../core/errors.js';
import { readTsv } from './tsv.js';

export type CodiespTask = 'codiesp-d' | 'codiesp-p' | 'codiesp-x';

/** ICD-10-CM in lower case: `e11`, `s42.409`, `t45.1x5a`. */
const DIAGNOSIS = /^[a-z]\d[\da-z](\.[\da-z]{1,4})?$/;
/** ICD-10-PCS in lower case; CodiEsp keeps the first four axes where the text does not tell the rest: `bw40zzz`, `0dtj`. PCS has no i and no o. */
const PROCEDURE = /^[\da-hj-np-z]{4}([\da-hj-np-z]{3})?$/;

const shapes: Record<CodiespTask, RegExp[]> = {
  'codiesp-d': [DIAGNOSIS],
  'codiesp-p': [PROCEDURE],
  'codiesp-x': [DIAGNOSIS, PROCEDURE],
};

/** Whether a lower-case code has the shape of the task's codes. */
export const hasCodeShape = (task: CodiespTask) => (code: string): boolean => shapes[task].some((shape) => shape.test(code));

/** How predicted codes were judged to exist. */
export type CodeCheck = 'list' | 'shape' | 'none';

export interface CodeValidity {
  check: CodeCheck;
  /** Whether a lower-case code exists. */
  isValidCode: (code: string) => boolean;
}

export interface ValidityOptions {
  /** Files of valid codes. */
  lists: readonly string[];
  /** Take every code for one that exists. */
  anyCode: boolean;
  /** The gold codes, as written. */
  goldCodes: readonly string[];
}

/** Below this share of gold codes with the shape of CodiEsp's, the corpus plainly has codes of another system. */
const LEAST_SHARE = 0.5;

/** @throws data error on an empty list */
export function codeValidity(task: CodiespTask, { lists, anyCode, goldCodes }: ValidityOptions): CodeValidity {
  if (lists.length) return { check: 'list', isValidCode: readCodeLists(lists) };
  const hasShape = hasCodeShape(task);
  const isOtherSystem = goldCodes.filter((code) => hasShape(code.toLowerCase())).length < LEAST_SHARE * goldCodes.length;
  return anyCode || isOtherSystem ? { check: 'none', isValidCode: () => true } : { check: 'shape', isValidCode: hasShape };
}

/** Reads lists of valid codes: the first column of each file, in any case. @throws data error on an empty list */
export function readCodeLists(files: readonly string[]): (code: string) => boolean {
  const codes = new Set(files.flatMap((file) => readTsv(file).map(({ cells }) => cells[0]!.trim().toLowerCase())));
  if (!codes.size) throw dataError(`${files.join(', ')}: no codes in it; expected one code a line, in the first column`);
  return (code) => codes.has(code);
}
