/** Reads JSON bodies, those of Python's json module included, which writes NaN where pandas has no value. */
import { Problem } from './problem.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

export const emptyBody = (): Problem => new Problem(400, 'malformed', 'the body is empty; expected a JSON object');

/** @throws Problem 400 for what is no UTF-8 or no JSON; V8's own message would quote the body */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (!bytes.length) throw emptyBody();
  const text = decoded(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return withoutNaN(text);
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Problem(400, 'malformed', 'the body is not UTF-8; send JSON in UTF-8, uncompressed');
  }
}

function withoutNaN(text: string): unknown {
  try {
    if (text.includes('NaN')) return JSON.parse(nanToNull(text));
  } catch {
    // Wrong for another reason too.
  }
  throw new Problem(400, 'malformed', 'the body is not valid JSON');
}

/** Outside strings only. One pass with string searches: what is sent may be megabytes of quotes. */
function nanToNull(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const outside = text.slice(at, quote < 0 ? text.length : quote);
    parts.push(outside.replaceAll('NaN', 'null'));
    if (quote < 0) break;
    at = endOfString(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join('');
}

/** Behind the closing quote, or the end of the text. */
function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
