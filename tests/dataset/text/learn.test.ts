import { describe, expect, it } from 'vitest';
import { learnWordPiece } from '../../../src/dataset/text/learn.js';
import { specialTokens } from '../../../src/dataset/text/write.js';

describe('learning word pieces', () => {
  it('merges by frequency (worked by hand)', () => {
    // Pairs: a##b 5 + 2 = 7, ##b##c 5. Merging a##b first leaves ab##c with 5.
    const pieces = learnWordPiece(new Map([['abc', 5], ['ab', 2], ['d', 1]]), { vocabulary_size: 100, min_frequency: 1 });
    expect(pieces).toEqual([...specialTokens, 'a', 'b', 'c', 'd', '##a', '##b', '##c', '##d', 'ab', 'abc']);
  });

  it('breaks ties by the order of the alphabet, whatever the order of the words', () => {
    const counts: [string, number][] = [['xy', 3], ['ab', 3], ['mn', 3]];
    const options = { vocabulary_size: 5 + 12 + 2, min_frequency: 1 };
    expect(learnWordPiece(new Map(counts), options).slice(-2)).toEqual(['ab', 'mn']);
    expect(learnWordPiece(new Map(counts.reverse()), options)).toEqual(learnWordPiece(new Map(counts), options));
  });

  it('merges pairs that overlap themselves from the left', () => {
    const pieces = learnWordPiece(new Map([['aaaa', 2]]), { vocabulary_size: 100, min_frequency: 2 });
    expect(pieces.slice(5)).toEqual(['a', '##a', '##aa', 'aaa', 'aaaa']);
  });

  it('stops at the size and below the frequency', () => {
    const counts = new Map([['abcd', 4], ['ef', 1]]);
    expect(learnWordPiece(counts, { vocabulary_size: 5 + 8 + 1, min_frequency: 2 })).toHaveLength(14);
    expect(learnWordPiece(counts, { vocabulary_size: 500, min_frequency: 2 })).not.toContain('ef');
  });
});
