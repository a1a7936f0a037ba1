/** Word translations from a store and its translation: both hold the same visits' notes in two languages. */
import { dataError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { alignSentences, type SentencePair } from './sentence-alignment.js';
import { sentencesOf } from './sentences.js';
import { readStore, type Notes, type SourceSplit } from './store-mentions.js';
import { learnTranslations, type Translation, type Translations } from './translation.js';

/** @param notes by visit @param translated the same visits' notes @throws data error when they have no visit in common */
export function alignNotes(notes: Notes, translated: Notes, where: string): SentencePair[] {
  const common = [...notes].filter(([id]) => translated.has(id));
  if (!common.length) throw dataError(`${where}: has no note of the same visits; give the store of the same texts in the titles' language (\`medweave ingest --language en\`)`);
  return common.flatMap(([id, text]) => alignSentences(sentencesOf(text), sentencesOf(translated.get(id)!)));
}

export interface ParallelStores {
  store: string;
  /** The same visits' notes in the titles' language. */
  translated: string;
  /** Whose notes are read: never those that are linked. */
  splits: readonly SourceSplit[];
  log: Logger;
}

/** @throws data error when the stores have no visit in common */
export async function learnFromStores({ store, translated, splits, log }: ParallelStores): Promise<Translations> {
  const read = [...new Set(splits)];
  const [notes, others] = [await readStore(store, read), await readStore(translated, read)];
  const pairs = alignNotes(notes.notes, others.notes, translated);
  log.info({ notes: notes.notes.size, sentences: pairs.length }, 'learning word translations');
  return learnTranslations(pairs);
}

/** What the training mentions' words say of their codes' titles counts so much beside the notes' translation; cross-validated on CodiEsp's training notes. */
const SHARE_OF_TITLES = 0.3;
const MOST = 6;

/** Translations of the notes, mixed with what pairs of training mention and title show. */
export function withTitlePairs(general: Translations, pairs: readonly SentencePair[]): Translations {
  const specific = learnTranslations(pairs);
  const words = new Set([...general.keys(), ...specific.keys()]);
  return new Map([...words].map((word) => [word, mix(general.get(word), specific.get(word))]));
}

function mix(general: readonly Translation[] | undefined, specific: readonly Translation[] | undefined): readonly Translation[] {
  if (!general || !specific) return (general ?? specific)!;
  const probabilities = new Map(general.map(({ word, probability }) => [word, (1 - SHARE_OF_TITLES) * probability]));
  for (const { word, probability } of specific) probabilities.set(word, (probabilities.get(word) ?? 0) + SHARE_OF_TITLES * probability);
  return [...probabilities]
    .map(([word, probability]) => ({ word, probability }))
    .sort((a, b) => b.probability - a.probability || (a.word < b.word ? -1 : 1))
    .slice(0, MOST);
}
