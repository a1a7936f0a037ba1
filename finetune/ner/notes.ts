/** Annotated notes as the model reads them: pieces, words, and a tag a word. */
import path from 'node:path';
import { dataError } from '../../src/core/errors.js';
import { cleanNote, createPieceLocator, type Dataset, type LocatedPieces, type PrepareConfig, type SplitName } from '../../src/dataset/index.js';
import { sameMention, type AnnotatedCorpus, type AnnotatedNote, type Mention, type Span } from './corpus.js';
import type { NerConfig } from './config.js';
import { flatten, type FlattenCounts } from './flatten.js';
import { firstPieces, wordsOf } from './words.js';
import { mentionsOf, tagsOf } from './tags.js';

export interface TaggedNote {
  id: string;
  /** The tokenizer's ids without [CLS] and [SEP], of the whole note. */
  pieces: Int32Array;
  /** Words that have a piece. */
  words: Span[];
  /** Index of the first piece of each word. */
  first: Int32Array;
  tags: Uint8Array;
  /** None overlaps another; the reference of evaluation, exactly as annotated. */
  mentions: Mention[];
}

export interface AnnotationCounts extends FlattenCounts {
  notes: number;
  /** In the reference. */
  kept: number;
  /** Of these, those that no sequence of tags spells, because they begin or end inside a word: always missed. */
  inside_words: number;
}

export interface TaggedNotes {
  notes: TaggedNote[];
  counts: AnnotationCounts;
}

export type TaggedSplits = Record<SplitName, TaggedNotes>;

interface TaggingOptions {
  types: readonly string[];
  config: NerConfig;
}

/**
 * @param dataset whose tokenizer and cleaning of notes are used
 * @throws data error when there is nothing to learn or to measure
 */
export async function tagSplits(splits: AnnotatedCorpus['splits'], { dir, manifest }: Dataset, options: TaggingOptions): Promise<TaggedSplits> {
  const locate = await createPieceLocator(path.join(dir, 'tokenizer.json'));
  const { text: cleaning } = manifest.config as PrepareConfig;
  const tag = async (notes: readonly AnnotatedNote[]): Promise<TaggedNotes> => tagNotes(notes, await locate(notes.map(({ text }) => cleanNote(text, cleaning))), options);
  const tagged = { train: await tag(splits.train), dev: await tag(splits.dev), test: await tag(splits.test) };
  const empty = (['train', 'dev'] as const).find((split) => !tagged[split].counts.kept);
  if (empty) throw dataError(`ner: no mention in the ${tagged[empty].notes.length} notes of the ${empty} split; the probe learns from train and stops by dev`);
  return tagged;
}

/** @param located the pieces of each note */
export function tagNotes(annotated: readonly AnnotatedNote[], located: readonly LocatedPieces[], { types, config: { discontinuous } }: TaggingOptions): TaggedNotes {
  const counts: AnnotationCounts = { notes: annotated.length, annotated: 0, repeated: 0, discontinuous: 0, overlapping: 0, kept: 0, inside_words: 0 };
  const notes = annotated.map(({ id, text, mentions: all }, n): TaggedNote => {
    const { words, first } = wordsWithPieces(text, located[n]!);
    const { mentions, counts: ofNote } = flatten(all, discontinuous);
    const tags = tagsOf(words, mentions, types);
    const spelt = mentionsOf(words, tags, types);
    for (const [name, count] of Object.entries(ofNote)) counts[name as keyof FlattenCounts] += count;
    counts.kept += mentions.length;
    counts.inside_words += mentions.filter((mention) => !spelt.some((other) => sameMention(mention, other))).length;
    return { id, pieces: located[n]!.ids, words, first, tags, mentions };
  });
  return { notes, counts };
}

function wordsWithPieces(text: string, pieces: LocatedPieces): Pick<TaggedNote, 'words' | 'first'> {
  const words = wordsOf(text);
  const first = firstPieces(words, pieces);
  return { words: words.filter((_, w) => first[w]! >= 0), first: first.filter((piece) => piece >= 0) };
}
