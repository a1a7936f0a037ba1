/** Writes the discharge summary of a sampled visit; everything it tells of the labels is in the visit's mentions and statements. */
import type { Rng } from '../../core/rng.js';
import type { SampledPatient, SampledVisit } from '../sample/patient.js';
import type { Mention } from '../sample/visit.js';
import * as phrases from './phrases.js';

export interface NoteStyle {
  /** What de-identification leaves: `___` in MIMIC-IV, `[** … **]` in MIMIC-III. */
  blank: (rng: Rng) => string;
  /** Filler is added until the note has this many words. */
  words: number;
  /** The visit is coded in ICD-10, which the first sentence shows. */
  icd10: boolean;
  /** Adds the names of the prescribed drugs, as real summaries do: then the text gives medications away. */
  listMedications: boolean;
}

export interface NoteRequest {
  patient: SampledPatient;
  visit: SampledVisit;
  /** Years at admission. */
  age: number;
  style: NoteStyle;
  rng: Rng;
}

const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.integer(items.length)]!;

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const fill = (sentence: string, values: Record<string, string>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');

const ofDisease = (sentence: string, name: string): string => fill(sentence, { s: name, S: capitalise(name) });

function mentionSentence({ kind, surface, detail }: Mention, rng: Rng): string {
  if (kind === 'denied') return ofDisease(pick(rng, phrases.DENIED), surface);
  const name = detail ? fill(pick(rng, phrases.WITH_DETAIL), { s: surface, d: detail.phrase }) : surface;
  return ofDisease(pick(rng, phrases.AFFIRMED), name);
}

function fillerSentence(rng: Rng, style: NoteStyle): string {
  return pick(rng, phrases.FILLER)
    .replace(/\{blank\}/g, () => style.blank(rng))
    .replace(/\{n2\}/g, () => String(60 + rng.integer(40)))
    .replace(/\{d\}/g, () => String(rng.integer(10)));
}

function opening({ patient, age, rng }: NoteRequest): string {
  const person = patient.sex === 'F' ? 'woman' : 'man';
  return fill(pick(rng, phrases.OPENINGS), { age: age > 89 ? 'over 89' : String(age), person, sex: patient.sex, complaint: pick(rng, phrases.COMPLAINTS), n: String(1 + rng.integer(9)) });
}

function header({ patient, visit, style, rng }: NoteRequest): string[] {
  return [
    `Admission Date: ${style.blank(rng)}  Discharge Date: ${style.blank(rng)}`,
    `Date of Birth: ${style.blank(rng)}  Sex: ${patient.sex}`,
    `Service: ${pick(rng, ['MEDICINE', 'SURGERY', 'CARDIOLOGY', 'NEUROLOGY'])}`,
    '',
    pick(rng, style.icd10 ? phrases.RECORD_SYSTEM.icd10 : phrases.RECORD_SYSTEM.icd9),
    ...(visit.sequence > 0 && rng.bernoulli(0.5) ? ['Known to this hospital from an earlier stay.'] : []),
  ];
}

function ending({ visit, rng }: NoteRequest): string[] {
  if (visit.died) return ['Discharge Condition: Expired.', 'Discharge Disposition: Deceased.'];
  return [`Discharge Condition: ${pick(rng, ['Stable.', 'Good.', 'Improved.'])}`, `Discharge Disposition: ${pick(rng, ['Home.', 'Home with services.', 'Rehabilitation.'])}`];
}

/** Filler spread among the sentences that tell something, whose order stays random. */
function withFiller(sentences: readonly string[], missingWords: number, { rng, style }: NoteRequest): string[] {
  const all = [...sentences];
  for (let missing = missingWords; missing > 0;) {
    const sentence = fillerSentence(rng, style);
    missing -= sentence.split(' ').length;
    all.splice(rng.integer(all.length + 1), 0, sentence);
  }
  return all;
}

const countWords = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.split(/\s+/).filter(Boolean).length, 0);

/** The text of the visit's discharge summary. */
export function writeNote(request: NoteRequest): string {
  const { visit, style, rng } = request;
  const mentions = visit.mentions.map((mention) => mentionSentence(mention, rng));
  const statements = visit.statements.map(({ sentence }) => sentence);
  const told = rng.shuffle([...mentions, ...statements]);
  const cut = rng.integer(told.length + 1);
  const family = visit.family.map((name) => ofDisease(pick(rng, phrases.FAMILY), name));
  const before = [...header(request), '', 'History of Present Illness:', opening(request)];
  const after = ['', 'Family History:', (family.length ? family : [pick(rng, phrases.NO_FAMILY)]).join(' '), '', ...ending(request)];
  const missing = style.words - countWords([...before, ...told, ...after]);
  const history = withFiller(told.slice(0, cut), missing / 2, request);
  const course = withFiller(told.slice(cut), missing / 2, request);
  const drugs = style.listMedications ? ['', 'Discharge Medications:', ...visit.drugs.flatMap((drug) => drug?.name ?? []).map((name, at) => `${at + 1}. ${name}`)] : [];
  return [...before, ...wrap(history), '', 'Brief Hospital Course:', ...wrap(course), ...after, ...drugs].join('\n');
}

const LINE_WIDTH = 78;

/** Breaks running text into lines, as the transcribed notes are. */
function wrap(sentences: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentences.join(' ').split(' ')) {
    if (line && line.length + word.length >= LINE_WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}
