/**
 * BERT's basic tokenization, as Hugging Face's BertNormalizer and BertPreTokenizer do it, at the speed of a table look-up:
 * control characters go, accents and case optionally too, words end at white space, and each punctuation mark is a word.
 */

export interface WordOptions {
  lowercase: boolean;
  strip_accents: boolean;
}

const SPACE = 0;
const WORD = 1;
const PUNCTUATION = 2;
/** Removed without ending the word. */
const NOTHING = 3;
type CharacterClass = typeof SPACE | typeof WORD | typeof PUNCTUATION | typeof NOTHING;

const white = /^\s$/u;
const other = /^\p{C}$/u;
const punctuation = /^\p{P}$/u;
const nonSpacingMark = /\p{Mn}/gu;

const within = (code: number, first: number, last: number): boolean => code >= first && code <= last;

/** CJK ideographs stand alone, as in BERT. */
const isIdeograph = (code: number): boolean =>
  within(code, 0x4e00, 0x9fff) || within(code, 0x3400, 0x4dbf) || within(code, 0x20000, 0x2ceaf) || within(code, 0xf900, 0xfaff) || within(code, 0x2f800, 0x2fa1f);

function classify(code: number): CharacterClass {
  const character = String.fromCodePoint(code);
  if (code === 0x09 || code === 0x0a || code === 0x0d) return SPACE;
  if (code === 0xfffd || other.test(character)) return NOTHING;
  if (white.test(character)) return SPACE;
  const asciiSymbol = within(code, 0x21, 0x2f) || within(code, 0x3a, 0x40) || within(code, 0x5b, 0x60) || within(code, 0x7b, 0x7e);
  return asciiSymbol || punctuation.test(character) || isIdeograph(code) ? PUNCTUATION : WORD;
}

/** Splits text into words; keeps a table of character classes, so make one and reuse it. */
export function createWordSplitter({ lowercase, strip_accents }: WordOptions): (text: string, visit: (word: string) => void) => void {
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => classify(code));
  const beyond = new Map<number, CharacterClass>();
  const classOf = (code: number): number => {
    let known = beyond.get(code);
    if (known === undefined) beyond.set(code, (known = classify(code)));
    return known;
  };

  const normalise = (text: string): string => {
    let result = text;
    if (strip_accents) result = result.normalize('NFD').replace(nonSpacingMark, '');
    // Hugging Face lower-cases character by character, so a final capital sigma does not become ς.
    return lowercase ? result.replaceAll('Σ', 'σ').toLowerCase() : result;
  };

  return (text, visit) => {
    const normal = normalise(text);
    let start = 0;
    let pending = '';
    const flush = (end: number): void => {
      if (end > start || pending) visit(pending + normal.slice(start, end));
      pending = '';
    };
    for (let i = 0; i < normal.length; ) {
      const unit = normal.charCodeAt(i);
      const code = unit < 128 ? unit : normal.codePointAt(i)!;
      const width = code > 0xffff ? 2 : 1;
      const kind = unit < 128 ? ascii[unit] : classOf(code);
      if (kind !== WORD) {
        if (kind === NOTHING) pending += normal.slice(start, i);
        else flush(i);
        if (kind === PUNCTUATION) visit(normal.slice(i, i + width));
        start = i + width;
      }
      i += width;
    }
    flush(normal.length);
  };
}
