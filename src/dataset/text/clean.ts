/** Blanks what a note holds besides language, without moving anything: offsets in the result are offsets in the raw note. */

export interface CleaningOptions {
  /** MIMIC's de-identification markers, `[**…**]` and `___`. */
  drop_deidentification: boolean;
  /** Section headings such as `Discharge Medications:`. */
  drop_headers: boolean;
}

const marker = /\[\*\*[^\]]{0,200}?\*\*\]|_{2,}/g;
/** A line that begins with a few words and a colon. */
const header = /^[ \t]*\p{Lu}[\p{L} /()&'-]{1,58}:/gmu;
const lineBreaks = /[\r\n\t\f\v]/g;

const blank = (found: string): string => ' '.repeat(found.length);

/**
 * @param text the raw note
 * @returns a text of the same length, in UTF-16 units, where what was dropped became spaces and line breaks became spaces;
 *   lower-casing is the tokenizer's, since it may change lengths
 */
export function cleanNote(text: string, options: CleaningOptions): string {
  let clean = text;
  if (options.drop_deidentification) clean = clean.replace(marker, blank);
  if (options.drop_headers) clean = clean.replace(header, blank);
  return clean.replace(lineBreaks, ' ');
}
