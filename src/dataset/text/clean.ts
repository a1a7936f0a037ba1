/** Blanks what a note holds besides language, without moving anything: offsets in the result are offsets in the raw note. */
import { deidentificationMarker } from './markers.js';

export const deidentificationChoices = ['drop', 'normalise', 'keep'] as const;

export interface CleaningOptions {
  /** What becomes of the markers that de-identification left behind; `normalise`: each becomes `_`, whatever it stood for. */
  deidentification: (typeof deidentificationChoices)[number];
  /** Section headings such as `Discharge Medications:`. */
  drop_headers: boolean;
}

/** A line that begins with a few words and a colon. */
const header = /^[ \t]*\p{Lu}[\p{L} /()&'-]{1,58}:/gmu;
const lineBreaks = /[\r\n\t\f\v]/g;

const blank = (found: string): string => ' '.repeat(found.length);

/** One character, since markers are as short as two, and punctuation, so that every tokenizer makes one token of it. */
const normalised = (found: string): string => '_'.padEnd(found.length);

/**
 * @param text the raw note
 * @returns a text of the same length, in UTF-16 units, where what was dropped became spaces and line breaks became spaces;
 *   lower-casing is the tokenizer's, since it may change lengths
 */
export function cleanNote(text: string, { deidentification, drop_headers }: CleaningOptions): string {
  let clean = text;
  if (deidentification !== 'keep') clean = clean.replace(deidentificationMarker, deidentification === 'normalise' ? normalised : blank);
  if (drop_headers) clean = clean.replace(header, blank);
  return clean.replace(lineBreaks, ' ');
}

/** A replacement of {@link cleanNote}, for programs in other languages: every match becomes `fill`, then spaces up to its length in UTF-16 units. */
export interface CleaningStep {
  /** A regular expression of JavaScript, with its flags. */
  pattern: string;
  flags: string;
  fill: string;
}

/** What {@link cleanNote} does, in order. */
export function cleaningSteps({ deidentification, drop_headers }: CleaningOptions): CleaningStep[] {
  const step = ({ source, flags }: RegExp, fill = ''): CleaningStep => ({ pattern: source, flags, fill });
  return [
    ...(deidentification === 'keep' ? [] : [step(deidentificationMarker, deidentification === 'normalise' ? '_' : '')]),
    ...(drop_headers ? [step(header)] : []),
    step(lineBreaks, ' '),
  ];
}
