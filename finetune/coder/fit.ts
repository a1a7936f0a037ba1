/** Fits the coder of one kind of codes to annotated notes, and measures it on notes that the mixer has not seen. */
import { createRng } from '../../src/core/rng.js';
import { createProgress } from '../../src/core/progress.js';
import type { Logger } from '../../src/core/log.js';
import type { Device } from '../../src/engine/index.js';
import { fitAssociations, type Associations } from './associations.js';
import { candidatesOf, featureNames, type Candidate } from './candidates.js';
import type { CoderConfig } from './config.js';
import { fitDocumentModel, type CodeScores, type DocumentModel } from './document-scores.js';
import { fitMixer, openMixer, type Mixer, type MixerRows } from './mixer.js';
import type { ReadNote } from './note.js';
import { indexSpelling, type ForeignTitles, type Title } from './spelling.js';

/** What is kept of a kind's training. */
export interface KindCoder {
  associations: Associations;
  titles: readonly Title[];
  foreign?: ForeignTitles;
  document: DocumentModel;
  mixer: Mixer;
  threshold: number;
}

/** A note's candidates with their probabilities. */
export interface ScoredNote {
  note: ReadNote;
  candidates: readonly Candidate[];
  probabilities: Float64Array;
}

export interface FitOptions {
  kind: string;
  titles: readonly Title[];
  foreign?: ForeignTitles;
  /** Note → probabilities by another model that was trained without the note. */
  model?: ReadonlyMap<string, CodeScores>;
  config: CoderConfig;
  seed: number;
  device: Device;
  log: Logger;
}

export interface FittedKind {
  coder: Omit<KindCoder, 'threshold'>;
  /** Every training note, by mixers of the folds without its group. */
  heldOut: ScoredNote[];
}

export async function fitKind(notes: readonly ReadNote[], options: FitOptions): Promise<FittedKind> {
  const { kind, titles, foreign, model, config, seed, device, log } = options;
  const associations = fitAssociations(notes, kind);
  const spelling = indexSpelling(associations, titles, foreign);
  const { model: document, heldOut: documentScores } = fitDocumentModel(notes, kind);
  const progress = createProgress({ label: `${kind} candidates`, total: notes.length, unit: 'notes', log });
  const candidates = notes.map((note, n) => {
    progress.update(n + 1);
    return candidatesOf({ note, associations, spelling, document: documentScores[n]!, model: model?.get(note.id), group: note.group });
  });
  progress.finish();
  const mixing = { width: featureNames.length, config: config.mixer, device };
  // A note that the other model does not know would teach that its silence means nothing.
  const isKnown = (n: number): boolean => !model || model.has(notes[n]!.id);
  const rowsOf = (indices: readonly number[]): MixerRows => gather(indices.filter(isKnown).map((n) => ({ note: notes[n]!, candidates: candidates[n]! })), kind);
  const folds = foldsOf(notes, config.folds, seed);
  const heldOut: ScoredNote[] = [];
  for (let fold = 0; fold < config.folds; fold++) {
    const [inside, outside] = [[...notes.keys()].filter((n) => folds[n] === fold), [...notes.keys()].filter((n) => folds[n] !== fold)];
    const mixer = openMixer(await fitMixer(rowsOf(outside), mixing, seed), mixing);
    for (const n of inside) heldOut[n] = { note: notes[n]!, candidates: candidates[n]!, probabilities: await mixer.probabilities(featuresOf(candidates[n]!)) };
    mixer.dispose();
    log.info(`${kind}: fold ${fold + 1} of ${config.folds} done`);
  }
  const mixer = await fitMixer(rowsOf([...notes.keys()]), mixing, seed);
  return { coder: { associations, titles, foreign, document, mixer }, heldOut };
}

/** Groups dealt out in a shuffled order, so that no fold is empty. */
function foldsOf(notes: readonly ReadNote[], folds: number, seed: number): number[] {
  const order = createRng(seed, 'folds').shuffle([...new Set(notes.map(({ group }) => group))]);
  const place = new Map(order.map((group, at) => [group, at % folds]));
  return notes.map(({ group }) => place.get(group)!);
}

/** [candidates × features] */
export function featuresOf(candidates: readonly Candidate[]): Float64Array {
  const features = new Float64Array(candidates.length * featureNames.length);
  candidates.forEach((candidate, row) => features.set(candidate.features, row * featureNames.length));
  return features;
}

function gather(notes: readonly { note: ReadNote; candidates: readonly Candidate[] }[], kind: string): MixerRows {
  const gold = notes.flatMap(({ note, candidates }) => {
    const carried = new Set(note.annotations[kind]?.codes);
    return candidates.map(({ code }) => Number(carried.has(code)));
  });
  return { features: featuresOf(notes.flatMap(({ candidates }) => candidates)), gold: Uint8Array.from(gold) };
}
