/** Beam search with as many beams as there are texts finds the best of all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beamSearch, type NextTokens } from '../../../src/linking/generator/beam-search.js';
import { createRng } from '../../../src/core/rng.js';

const VOCABULARY = 3;
const END = 2;

/** Logits that depend on the text and all its tokens; also checks that a row's tokens continue its parent's. */
function randomModel(seed: number): { next: NextTokens; logitsOf(text: number, tokens: readonly number[]): number[] } {
  const logitsOf = (text: number, tokens: readonly number[]) => {
    const rng = createRng(seed, text, ...tokens);
    return Array.from({ length: VOCABULARY }, () => rng.uniform() * 3);
  };
  let seen: { text: number; tokens: readonly number[] }[] = [];
  const next: NextTokens = async (rows) => {
    const now = rows.map(({ parent, tokens }) => ({ text: seen.length ? seen[parent]!.text : parent, tokens, parent }));
    if (seen.length) for (const { tokens, parent } of now) expect(tokens.slice(0, -1)).toEqual(seen[parent]!.tokens);
    seen = now;
    return { logits: Float32Array.from(now.flatMap(({ text, tokens }) => logitsOf(text, tokens))), vocabulary: VOCABULARY };
  };
  return { next, logitsOf };
}

/** Every text that ends, or is as long as it may be. */
function everyText(length: number, prefix: number[] = []): number[][] {
  if (prefix.at(-1) === END || prefix.length === length) return [prefix];
  return [0, 1, 2].flatMap((token) => everyText(length, [...prefix, token]));
}

describe('beam search', () => {
  it('with a beam for every text finds the best ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.5, 1, 2), async (seed, maxNewTokens, lengthPenalty) => {
        const all = everyText(maxNewTokens);
        const { next, logitsOf } = randomModel(seed);
        const found = await beamSearch(2, next, { beams: all.length, maxNewTokens, ends: [END], lengthPenalty, earlyStopping: 'never' });
        for (const text of [0, 1]) {
          const scoreOf = (tokens: number[]): number => {
            const sum = tokens.reduce((total, token, i) => {
              const logits = Array.from(Float32Array.from(logitsOf(text, tokens.slice(0, i))));
              return total + logits[token]! - Math.log(logits.reduce((s, logit) => s + Math.exp(logit), 0));
            }, 0);
            return sum / tokens.length ** lengthPenalty;
          };
          const best = all.map((tokens) => ({ tokens, score: scoreOf(tokens) })).sort((a, b) => b.score - a.score);
          expect(found[text]![0]!.score).toBeCloseTo(best[0]!.score, 6);
          expect(found[text]!.map(({ tokens }) => tokens.join()).sort()).toEqual(all.map((tokens) => tokens.join()).sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('with one beam is greedy', async () => {
    const { next, logitsOf } = randomModel(5);
    const [found] = await beamSearch(1, next, { beams: 1, maxNewTokens: 6, ends: [], lengthPenalty: 1, earlyStopping: false });
    const greedy: number[] = [];
    for (let i = 0; i < 6; i++) {
      const logits = logitsOf(0, greedy);
      greedy.push(logits.indexOf(Math.max(...logits)));
    }
    expect(found!.map(({ tokens }) => tokens)).toEqual([greedy]);
  });

  it('of no text is nothing', async () => {
    expect(await beamSearch(0, randomModel(1).next, { beams: 5, maxNewTokens: 3, ends: [END], lengthPenalty: 1, earlyStopping: false })).toEqual([]);
  });
});
