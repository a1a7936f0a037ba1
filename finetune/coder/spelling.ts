/** All that a code may be called, to look windows of a note up by spelling: mentions of the training notes and titles. */
import { createNgramIndex, type NgramIndex } from '../../src/linking/ngram-index.js';
import { translated } from '../../src/linking/title-matcher.js';
import type { Translations } from '../../src/linking/translation.js';
import { fold } from '../../src/linking/words.js';
import type { Associations } from './associations.js';
import { surfaceOfText } from './note.js';

export interface Title {
  code: string;
  title: string;
}

/** Titles in another language, and how the notes' words are said in it. */
export interface ForeignTitles {
  titles: readonly Title[];
  translations: Translations;
}

export interface Spelling {
  /** Rows of the index: surface forms first, then titles. */
  index: NgramIndex;
  surfaces: readonly string[];
  titles: readonly Title[];
  foreign?: { index: NgramIndex; titles: readonly Title[]; translations: Translations };
}

/** With its cosine. */
export interface Alike<What> {
  what: What;
  cosine: number;
}

const SEARCH = { nearWord: 0.3 };

export function indexSpelling({ surfaces: known }: Pick<Associations, 'surfaces'>, titles: readonly Title[], foreign?: ForeignTitles): Spelling {
  const surfaces = [...known.keys()].sort();
  const brief = briefTitles(titles);
  return {
    index: createNgramIndex([...surfaces, ...brief.map(({ title }) => title)], SEARCH),
    surfaces,
    titles: brief,
    ...(foreign && { foreign: indexForeign(foreign) }),
  };
}

function indexForeign({ titles, translations }: ForeignTitles): NonNullable<Spelling['foreign']> {
  const brief = briefTitles(titles);
  return { index: createNgramIndex(brief.map(({ title }) => title), SEARCH), titles: brief, translations };
}

const briefTitles = (titles: readonly Title[]): Title[] => titles.map(({ code, title }) => ({ code, title: briefTitle(title) })).filter(({ title }) => title !== '');

/** Titles in the other language that are like the text. */
export const foreignTitlesLike = ({ index, titles, translations }: NonNullable<Spelling['foreign']>, text: string, k: number): Alike<Title>[] =>
  index.search(translated(text, translations), k).map(({ row, score }) => ({ what: titles[row]!, cosine: score }));

/** What titles say of the classification rather than of the disease, in Spanish and English. */
const BRACKETED = /\(.*?\)|\[.*?\]/g;
const CLASSIFICATION = [
  /,? ?(no|sin otra) (especificad[oa]s?|especificacion)( como .*)?/g, /,? ?no clasificad[oa]s? en otra parte/g, /^otr[oa]s? /, /^las demas /, /especificad[oa]s?/g,
  /,? ?unspecified\b/g, /,? ?not elsewhere classified/g, /^other /, /\bspecified\b/g,
];

export const briefTitle = (title: string): string =>
  surfaceOfText(CLASSIFICATION.reduce((text, words) => text.replace(words, ' '), fold(title).replace(BRACKETED, ' ')).trim());
