/** The combined coder: for each kind of codes what training found, and how new notes are coded with it. */
import type { Device } from '../../src/engine/index.js';
import type { ExplainedNote } from '../evidence/explained-note.js';
import { candidatesOf, featureNames } from './candidates.js';
import type { CoderConfig } from './config.js';
import { scoreDocuments, type CodeScores } from './document-scores.js';
import { explained } from './explained.js';
import { featuresOf, type KindCoder, type ScoredNote } from './fit.js';
import { openMixer } from './mixer.js';
import { readNote, type Note, type ReadNote } from './note.js';
import { indexSpelling } from './spelling.js';

export interface Coder {
  /** Kind → its coder. */
  kinds: Record<string, KindCoder>;
  /** Kind → code system. */
  systems: Record<string, string>;
  config: CoderConfig;
}

export interface CodeOptions {
  /** Kind → note → probabilities by another model; needed where the coder learnt with one. */
  models?: Record<string, ReadonlyMap<string, CodeScores>>;
  device: Device;
}

/** Codes notes with all kinds. Notes are independent of each other. */
export async function codeNotes(coder: Coder, notes: readonly Note[], options: CodeOptions): Promise<ExplainedNote[]> {
  const read = notes.map(readNote);
  const byKind = [];
  for (const kind of Object.keys(coder.kinds)) byKind.push({ scored: await scoreKind(coder, kind, read, options), of: kindOf(coder, kind) });
  return explained(notes, byKind);
}

/** What explained codes of a kind have in common. */
export const kindOf = ({ kinds, systems, config }: Coder, kind: string) => ({
  kind,
  system: systems[kind]!,
  threshold: kinds[kind]!.threshold,
  titles: new Map(kinds[kind]!.titles.map(({ code, title }) => [code, title])),
  places: config.places,
});

async function scoreKind({ kinds, config }: Coder, kind: string, notes: readonly ReadNote[], { models, device }: CodeOptions): Promise<ScoredNote[]> {
  const { associations, titles, foreign, document, mixer: fitted } = kinds[kind]!;
  const spelling = indexSpelling(associations, titles, foreign);
  const documents = scoreDocuments(document, notes);
  const mixer = openMixer(fitted, { width: featureNames.length, config: config.mixer, device });
  try {
    const scored: ScoredNote[] = [];
    for (const [n, note] of notes.entries()) {
      const candidates = candidatesOf({ note, associations, spelling, document: documents[n]!, model: models?.[kind]?.get(note.id) });
      scored.push({ note, candidates, probabilities: await mixer.probabilities(featuresOf(candidates)) });
    }
    return scored;
  } finally {
    mixer.dispose();
  }
}
