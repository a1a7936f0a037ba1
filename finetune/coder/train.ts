/** Annotated notes → a coder, with the figures that it has on notes kept from the part that is judged. */
import type { Logger } from '../../src/core/log.js';
import { dataError } from '../../src/core/errors.js';
import type { Device } from '../../src/engine/index.js';
import type { Translations } from '../../src/linking/translation.js';
import { kindOf, type Coder } from './coder.js';
import type { CoderConfig } from './config.js';
import { bestThreshold } from './decide.js';
import type { CodeScores } from './document-scores.js';
import { explained } from './explained.js';
import { figuresOf, type CoderFigures } from './figures.js';
import { fitKind, type ScoredNote } from './fit.js';
import { readNote, type Note } from './note.js';
import { without } from './tally.js';
import type { Title } from './spelling.js';
import { readTitles } from './titles.js';

export interface TrainOptions {
  notes: readonly Note[];
  /** Kind → code system. */
  systems: Record<string, string>;
  /** Kind → note → probabilities by another model that was trained without the note. */
  models?: Record<string, ReadonlyMap<string, CodeScores>>;
  /** How the notes' words are said in the language of `config.foreign_titles`. */
  translations?: Translations;
  config: CoderConfig;
  seed: number;
  device: Device;
  log: Logger;
}

export interface TrainedCoder {
  coder: Coder;
  /** Over the training notes: each by what was learnt without its group. The thresholds were chosen on the same probabilities. */
  figures: CoderFigures;
}

/** The ridge regression on whole notes needs memory and time that grow with the square and the cube of the notes. */
const MOST_NOTES = 8000;

/** @throws data error when no note has codes of the configured kinds, or when there are more notes than the coder is made for */
export async function trainCoder({ notes, systems, models, translations, config, seed, device, log }: TrainOptions): Promise<TrainedCoder> {
  if (notes.length > MOST_NOTES) throw dataError(`${notes.length} training notes: the combined coder is made for annotated corpora of at most ${MOST_NOTES}; for more, use \`medweave finetune icd-coding\` or \`medweave baseline\``);
  const groups = new Set(notes.map(({ group }) => group)).size;
  if (groups < config.folds) throw dataError(`the training notes are of ${groups} ${groups === 1 ? 'patient' : 'patients'} (or articles), fewer than coder.folds (${config.folds}): notes of one patient stay together; give more notes, or lower coder.folds`);
  const kinds = config.kinds.filter((kind) => notes.some(({ annotations }) => annotations[kind]?.codes.length));
  if (!kinds.length) throw dataError(`no training note has codes of kind ${config.kinds.join(' or ')}: there is nothing to learn`);
  const coder: Coder = { kinds: {}, systems, config };
  const read = notes.map(readNote);
  const heldOut: ScoredNote[][] = [];
  for (const kind of kinds) {
    if (!notes.some(({ annotations }) => annotations[kind]?.mentions.length)) log.warn(`${kind}: no note has annotated evidence; the coder has titles and whole notes to go by, and will be weak`);
    const titlesOf = async (source: string | undefined): Promise<Title[]> => (source === undefined ? [] : readTitles(source, systems[kind]!, log));
    const titles = await titlesOf(config.titles[kind]);
    const foreign = translations && config.foreign_titles[kind] !== undefined ? { titles: await titlesOf(config.foreign_titles[kind]), translations } : undefined;
    const fitted = await fitKind(read, { kind, titles, foreign, model: models?.[kind], config, seed, device, log });
    coder.kinds[kind] = { ...fitted.coder, threshold: bestThreshold(fitted.heldOut, kind) };
    heldOut.push(fitted.heldOut);
  }
  const predicted = explained(notes, kinds.map((kind, k) => ({ scored: heldOut[k]!, of: kindOf(coder, kind) })));
  const seen = (kind: string, code: string, { group }: Note): number => without(coder.kinds[kind]!.associations.codes.get(code) ?? { total: 0 }, group);
  return { coder, figures: figuresOf({ notes, explained: predicted, kinds, seen }) };
}
