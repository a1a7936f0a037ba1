/** Strings and whole numbers of JSON and JSON Lines, also of files that are damaged: a lexer that knows only strings, keys and nesting. */
import type { Piece } from '../finding.js';

/** A string, a number, a bracket, or a line break. */
const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\]\n]/gs;
/** Arrays of numbers are weights and tokens, unless their key says otherwise. */
const HOLDS_IDS = /_?ids?$|^age/i;

/** Words and their numbers. */
const VOCABULARY = 'vocab';

export function* jsonPieces(content: string): Generator<Piece> {
  /** Key of each open object or array; the last is the innermost. */
  const keys: (string | undefined)[] = [];
  let line = 1;
  let key: string | undefined;
  for (const [found, quoted, colon] of content.matchAll(token)) {
    const field = key ?? keys.at(-1);
    if (found === '\n') line++;
    else if (found === '{' || found === '[') {
      keys.push(field);
      key = undefined;
    } else if (found === '}' || found === ']') keys.pop();
    else if (colon !== undefined) {
      const text = unescaped(quoted!);
      yield { line, text, field: keysOf(keys.at(-1)) };
      key = text;
    } else {
      if (quoted !== undefined) yield { line, text: unescaped(quoted), field };
      else if (/^\d+$/.test(found) && field !== undefined && keys.at(-1) !== VOCABULARY && (key !== undefined || HOLDS_IDS.test(field))) yield { line, text: found, field };
      key = undefined;
    }
    if (quoted !== undefined) line += quoted.split('\n').length - 1;
  }
}

/** The field of an object's keys, told from that of its values. */
const keysOf = (object: string | undefined): string => `${object ?? ''}{}`;

function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted;
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
