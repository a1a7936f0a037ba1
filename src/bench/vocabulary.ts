/** Code vocabularies of a chosen size over the real hierarchies of ICD-9-CM and ATC. */
import { codeSystem } from '../../ontologies/index.js';
import { configurationError } from '../core/errors.js';
import type { VocabularyCode } from '../dataset/index.js';

const numbered = (prefix: string, from: number, to: number, digits: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => prefix + String(from + i).padStart(digits, '0'));

/** As ICD-9-CM has them: a few codes of four digits, more of five. An E code has at most one digit after its category. */
const SUFFIXES = ['0', '1', '9', '8', '2', '01', '02', '11', '12', '90', '91', '3', '4', '00', '10', '81', '5', '6', '7'];

/** @param count codes, the categories in turn, so that all blocks and chapters are there. The codes' last digits are made up: no table of full codes is bundled */
export function diagnoses(count: number): VocabularyCode[] {
  const system = codeSystem('icd9cm');
  const categories = [...numbered('', 1, 999, 3), ...numbered('V', 1, 91, 2), ...numbered('E', 800, 999, 3)].filter((category) => system.isKnown(category));
  const codes = SUFFIXES.flatMap((suffix) => categories.map((category) => `${category}.${suffix}`)).filter((code) => system.normalise(code) !== null);
  return firstOf(codes, count, { system: 'icd9cm', option: '--codes' });
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** @param count ATC groups of the third level, then of the fourth */
export function medications(count: number): VocabularyCode[] {
  const system = codeSystem('atc');
  const below = (groups: readonly string[], endings: readonly string[]): string[] => groups.flatMap((group) => endings.map((ending) => group + ending)).filter((group) => system.isKnown(group));
  const third = below(below(below([''], LETTERS), numbered('', 1, 99, 2)), LETTERS);
  return firstOf([...third, ...below(third, LETTERS)], count, { system: 'atc', option: '--medications' });
}

function firstOf(codes: readonly string[], count: number, { system, option }: { system: string; option: string }): VocabularyCode[] {
  if (count > codes.length) throw configurationError(`${option} ${count}: at most ${codes.length}`);
  return codes.slice(0, count).map((code) => ({ system, code, count: 1 }));
}
