/** Beam search over any model of the next token, with the scores and the stopping rules of Python's transformers, so that both generate the same. */
import { byScore } from '../mention.js';

export interface BeamOptions {
  beams: number;
  /** Tokens after the start token, the end token included. */
  maxNewTokens: number;
  /** Tokens that end a text. */
  ends: readonly number[];
  /** A finished text's score is its log probability over its length to this power. */
  lengthPenalty: number;
  /** true: stop at `beams` finished texts; false: when no running one looks better; 'never': when none can be. */
  earlyStopping: boolean | 'never';
}

export interface Hypothesis {
  tokens: number[];
  score: number;
}

/** A text being written: `row` is where the model last saw it. */
interface Beam extends Hypothesis {
  row: number;
}

/** Continues rows of the last call (of the first: of the texts) by one token each; `tokens` are undefined in the first call, which begins the texts. */
export type NextTokens = (rows: readonly Continuation[]) => Promise<{ logits: Float32Array; vocabulary: number }>;

export interface Continuation {
  /** Row of the last call that is continued. */
  parent: number;
  /** Its tokens so far. */
  tokens: readonly number[];
}

interface Search {
  running: Beam[];
  /** Best first, at most `beams`. */
  finished: Hypothesis[];
  done: boolean;
}

/** @returns for each of the texts at most `beams` hypotheses, best first */
export async function beamSearch(texts: number, next: NextTokens, options: BeamOptions): Promise<Hypothesis[][]> {
  const searches = Array.from({ length: texts }, (_, row): Search => ({ running: [{ tokens: [], score: 0, row }], finished: [], done: false }));
  for (let length = 1; searches.some(({ done }) => !done); length++) {
    const open = searches.filter(({ done }) => !done);
    const { logits, vocabulary } = await next(open.flatMap(({ running }) => running.map(({ row, tokens }) => ({ parent: row, tokens }))));
    let row = 0;
    for (const search of open) {
      const beams = search.running.map((beam) => ({ ...beam, row: row++ }));
      advance(search, continuations(beams, { logits, vocabulary, count: options.beams * Math.max(2, 1 + options.ends.length) }), length, options);
    }
  }
  return searches.map(({ finished }) => finished);
}

interface Continued {
  logits: Float32Array;
  vocabulary: number;
  count: number;
}

/** The `count` most probable texts of one token more; between equals the earlier beam and the lower token. */
function continuations(beams: readonly Beam[], { logits, vocabulary, count }: Continued): Beam[] {
  return beams
    .flatMap((beam) => {
      const scores = logSoftmax(logits.subarray(beam.row * vocabulary, (beam.row + 1) * vocabulary));
      return highest(scores, count).map((token): Beam => ({ tokens: [...beam.tokens, token], score: beam.score + scores[token]!, row: beam.row }));
    })
    .sort(byScore)
    .slice(0, count);
}

function logSoftmax(logits: Float32Array): Float64Array {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  const shift = top + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - shift);
}

/** Indices of the `count` highest values, highest first, by insertion: vocabularies are large, `count` is small. */
function highest(values: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === count && !(values[i]! > values[best[count - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && values[i]! > values[best[at - 1]!]!) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Texts that end among the best `beams` are finished, the best others run on. */
function advance(search: Search, candidates: readonly Beam[], length: number, { beams, maxNewTokens, ends, lengthPenalty, earlyStopping }: BeamOptions): void {
  const isEnd = ({ tokens }: Beam): boolean => ends.includes(tokens.at(-1)!) || length >= maxNewTokens;
  const ended = candidates.slice(0, beams).filter(isEnd).map(({ tokens, score }) => ({ tokens, score: score / length ** lengthPenalty }));
  search.finished = [...search.finished, ...ended].sort(byScore).slice(0, beams);
  search.running = candidates.filter((beam) => !isEnd(beam)).slice(0, beams);
  const [best] = search.running;
  const full = search.finished.length >= beams;
  const hopedLength = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : length;
  search.done = !best || (full && (earlyStopping === true || best.score / hopedLength ** lengthPenalty <= search.finished.at(-1)!.score));
}
