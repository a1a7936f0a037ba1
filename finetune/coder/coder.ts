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

/** Kind → note → probabilities by another model; needed where the coder learnt with one. */
export type ModelScores = Record<string, ReadonlyMap<string, CodeScores>>;

export interface NoteCoder {
  /** Codes notes with all kinds. Notes are independent of each other. */
  code(notes: readonly Note[], models?: ModelScores): Promise<ExplainedNote[]>;
  dispose(): void;
}

/** Builds what all notes share: indexes of what training found, compiled mixers. */
export function openNoteCoder(coder: Coder, device: Device): NoteCoder {
  const kinds = Object.keys(coder.kinds).map((kind) => ({ kind, of: kindOf(coder, kind), ...openKind(coder, kind, device) }));
  return {
    async code(notes, models = {}) {
      const read = notes.map(readNote);
      const byKind = [];
      for (const { kind, of, score } of kinds) byKind.push({ scored: await score(read, models[kind]), of });
      return explained(notes, byKind);
    },
    dispose: () => kinds.forEach(({ dispose }) => dispose()),
  };
}

/** What explained codes of a kind have in common. */
export const kindOf = ({ kinds, systems, config }: Coder, kind: string) => ({
  kind,
  system: systems[kind]!,
  threshold: kinds[kind]!.threshold,
  titles: new Map(kinds[kind]!.titles.map(({ code, title }) => [code, title])),
  places: config.places,
});

interface OpenedKind {
  score(notes: readonly ReadNote[], model?: ReadonlyMap<string, CodeScores>): Promise<ScoredNote[]>;
  dispose(): void;
}

function openKind({ kinds, config }: Coder, kind: string, device: Device): OpenedKind {
  const { associations, titles, foreign, document, mixer: fitted } = kinds[kind]!;
  const spelling = indexSpelling(associations, titles, foreign);
  const mixer = openMixer(fitted, { width: featureNames.length, config: config.mixer, device });
  return {
    async score(notes, model) {
      const documents = scoreDocuments(document, notes);
      const scored: ScoredNote[] = [];
      for (const [n, note] of notes.entries()) {
        const candidates = candidatesOf({ note, associations, spelling, document: documents[n]!, model: model?.get(note.id) });
        scored.push({ note, candidates, probabilities: await mixer.probabilities(featuresOf(candidates)) });
      }
      return scored;
    },
    dispose: () => mixer.dispose(),
  };
}
