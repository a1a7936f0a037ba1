/** Code vocabularies: which id a code has, and what an id means. Fitted on training visits only. */
import fs from 'node:fs';
import { dataError } from '../core/errors.js';
import { codeKinds, type CodeKind } from './config.js';
import type { ExtraCode } from './extra-codes.js';

/** Ids 0–3 of every kind. */
export const codeSpecials = ['[PAD]', '[CLS]', '[MASK]', '[UNK]'] as const;
export const CODE_PAD = 0;
export const CODE_CLS = 1;
export const CODE_MASK = 2;
export const CODE_UNK = 3;

export interface VocabularyCode {
  system: string;
  code: string;
  /** Training visits that have the code. */
  count: number;
  title?: string;
}

export interface Vocabulary {
  special: string[];
  /** The id of a code is 4 + its index. */
  kinds: Record<CodeKind, VocabularyCode[]>;
}

export interface CodeCount {
  kind: CodeKind;
  system: string;
  code: string;
  count: number;
}

export interface VocabularyOptions {
  min_count: number;
  max_vocabulary?: number;
  /** Codes that are in the vocabulary whatever their counts, after those that are for their counts. */
  extra?: readonly ExtraCode[];
}

const order = (a: CodeCount, b: CodeCount): number =>
  b.count - a.count || (a.system < b.system ? -1 : a.system > b.system ? 1 : a.code < b.code ? -1 : 1);

/** @param counts codes with the number of training visits that have each */
export function fitVocabulary(counts: readonly CodeCount[], options: VocabularyOptions, titleOf: (system: string, code: string) => string | undefined): Vocabulary {
  const kindOf = (kind: CodeKind): VocabularyCode[] => {
    const ofKind = counts.filter((code) => code.kind === kind);
    const fitted = ofKind.filter(({ count }) => count >= options.min_count).sort(order).slice(0, options.max_vocabulary);
    const added: (CodeCount & { title?: string })[] = extraCodes(kind, options.extra ?? [], { fitted, counts: ofKind });
    return [...fitted, ...added].map(({ system, code, count, title: given }: CodeCount & { title?: string }) => {
      const title = titleOf(system, code) ?? given;
      return { system, code, count, ...(title === undefined ? {} : { title }) };
    });
  };
  return { special: [...codeSpecials], kinds: { dx: kindOf('dx'), rx: kindOf('rx'), px: kindOf('px') } };
}

const nameOf = ({ system, code }: { system: string; code: string }): string => `${system} ${code}`;

/** The extra codes of a kind that were not fitted, with their counts: 0 unless `min_count` or `max_vocabulary` left them out. */
function extraCodes(kind: CodeKind, extra: readonly ExtraCode[], { fitted, counts }: Record<'fitted' | 'counts', readonly CodeCount[]>): (CodeCount & { title?: string })[] {
  const isFitted = new Set(fitted.map(nameOf));
  const countOf = new Map(counts.map((code) => [nameOf(code), code.count]));
  return extra
    .filter((code) => code.kind === kind && !isFitted.has(nameOf(code)))
    .map((code) => ({ ...code, count: countOf.get(nameOf(code)) ?? 0 }))
    .sort(order);
}

/** Ids of one kind, specials included: the rows of its embedding table. */
export const vocabularySize = (vocabulary: Vocabulary, kind: CodeKind): number => codeSpecials.length + vocabulary.kinds[kind].length;

/** Reads a vocab.json, of a data directory or of a run. */
export function readVocabulary(file: string): Vocabulary {
  let vocabulary: Vocabulary;
  try {
    vocabulary = JSON.parse(fs.readFileSync(file, 'utf8')) as Vocabulary;
  } catch (cause) {
    throw dataError(`${file}: cannot be read as a vocabulary; write it again with \`medweave prepare\``, cause);
  }
  const valid = vocabulary.special?.join() === codeSpecials.join() && codeKinds.every((kind) => Array.isArray(vocabulary.kinds?.[kind]));
  if (!valid) throw dataError(`${file}: expected { special: [${codeSpecials.join(', ')}], kinds: { dx, rx, px } }`);
  return vocabulary;
}
