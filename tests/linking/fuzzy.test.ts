/** Inexact matches of letters: the n-gram index against a naive one, and the votes of training mentions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDictionary } from '../../src/linking/dictionary.js';
import { fuzzySource } from '../../src/linking/fuzzy.js';
import type { Mention } from '../../src/linking/mention.js';
import { createNgramIndex, ngramsOf } from '../../src/linking/ngram-index.js';
import { foldedWords } from '../../src/linking/words.js';

const mention = (text: string): Mention => ({ noteId: 'n', fragments: [], text, kind: 'dx' });
const one = (text: string) => [{ text, weight: 1 }];

/** TF-IDF vectors as maps, all pairs. */
function naiveScores(texts: readonly string[], query: string): number[] {
  const counts = (text: string) => {
    const map = new Map<string, number>();
    for (const { key } of foldedWords(text)) for (const gram of ngramsOf(key)) map.set(gram, (map.get(gram) ?? 0) + 1);
    return map;
  };
  const all = texts.map(counts);
  const weight = (gram: string, count: number) => count * (1 + Math.log((1 + texts.length) / (1 + all.filter((map) => map.has(gram)).length)));
  const vector = (map: Map<string, number>) => new Map([...map].map(([gram, count]) => [gram, weight(gram, count)]));
  const length = (map: Map<string, number>) => Math.sqrt([...map.values()].reduce((sum, value) => sum + value ** 2, 0));
  const q = vector(counts(query));
  return all.map((map) => {
    const v = vector(map);
    return [...q].reduce((sum, [gram, value]) => sum + value * (v.get(gram) ?? 0), 0) / (length(q) * length(v));
  });
}

describe('the n-gram index', () => {
  it('cuts words at their borders', () => {
    expect(ngramsOf('tos')).toEqual(['^t', 'to', 'os', 's$', '^to', 'tos', 'os$', '^tos', 'tos$']);
    expect(ngramsOf('a')).toEqual(['^a', 'a$', '^a$']);
  });

  it('equals a naive one', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'ñ', ' '), maxLength: 7 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 11 }), word, (texts, query) => {
        const expected = naiveScores(texts, query);
        const found = createNgramIndex(texts).search(one(query), texts.length);
        expect(found.map(({ row }) => row).sort((a, b) => a - b)).toEqual(expected.flatMap((score, row) => (score > 0 ? [row] : [])));
        for (const { row, score } of found) expect(score).toBeCloseTo(expected[row]!, 10);
        for (let i = 1; i < found.length; i++) expect(found[i - 1]!.score).toBeGreaterThanOrEqual(found[i]!.score);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out, where asked, only texts without a word near the query', () => {
    const texts = ['dolor torácico', 'dolores', 'tos seca', 'cordero', 'doloroso tórax'];
    const all = createNgramIndex(texts).search(one('dolor torácico'), 5);
    const near = createNgramIndex(texts, { nearWord: 0.3 }).search(one('dolor torácico'), 5);
    expect(all.map(({ row }) => row)).toContain(3);
    expect(near.map(({ row }) => row).sort()).toEqual([0, 4]);
    expect(near).toEqual(all.filter(({ row }) => near.some((one) => one.row === row)));
  });

  it('finds a text itself first with a cosine of 1, whatever the order of its words', () => {
    const index = createNgramIndex(['dolor torácico', 'dolor', 'tos seca', '']);
    const [first] = index.search(one('Toracico DOLOR'), 3);
    expect([first!.row, first!.score]).toEqual([0, expect.closeTo(1, 10)]);
  });

  it('puts the earlier of equal texts first, keeps to k, and finds nothing for nothing', () => {
    const index = createNgramIndex(['tos', 'fiebre', 'tos', 'tos']);
    expect(index.search(one('tos'), 2).map(({ row }) => row)).toEqual([0, 2]);
    expect(index.search(one(''), 2)).toEqual([]);
    expect(index.search([], 2)).toEqual([]);
    expect(index.search(one('xyz'), 2)).toEqual([]);
    expect(createNgramIndex([]).search(one('tos'), 2)).toEqual([]);
  });

  it('adds up a query\'s texts by their weights', () => {
    const index = createNgramIndex(['tos', 'gripe']);
    const order = (a: number, b: number) => index.search([{ text: 'tos', weight: a }, { text: 'gripe', weight: b }], 2).map(({ row }) => row);
    expect(order(2, 1)).toEqual([0, 1]);
    expect(order(1, 3)).toEqual([1, 0]);
  });
});

describe('fuzzy matching', () => {
  const dictionary = createDictionary([
    { text: 'adenopatía axilar', code: 'R59.0' },
    { text: 'metástasis hepática', code: 'C78.7' },
    { text: 'metástasis hepáticas', code: 'C78.7' },
    { text: 'metástasis ósea', code: 'C79.51' },
    { text: 'tos', code: 'R05' },
  ]);
  const first = async (text: string) => (await fuzzySource(dictionary).find([mention(text)], 5))[0]!;

  it('finds plurals, other orders and slips of the pen', async () => {
    expect((await first('ADENOPATIAS AXILARES'))[0]!.code).toBe('R59.0');
    expect((await first('hepáticas: metastasis'))[0]!.code).toBe('C78.7');
    expect((await first('metástasis oseas'))[0]!.code).toBe('C79.51');
    expect((await first('adenopatia axliar'))[0]!.code).toBe('R59.0');
  });

  it('scores no code above the nearest surface, each code once, and nothing for a text without a likeness', async () => {
    const found = await first('metástasis hepáticas');
    expect(new Set(found.map(({ code }) => code)).size).toBe(found.length);
    expect(found[0]!.score).toBeLessThanOrEqual(1);
    expect(found.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1 + 1e-9);
    expect(await first('xyz')).toEqual([]);
    expect(await first('')).toEqual([]);
  });
});
