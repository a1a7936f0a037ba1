/** Words, tags, flat mentions and strict figures: hand-made cases, properties, and seqeval's own figures. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnnotatedMention, Mention } from '../../../finetune/ner/corpus.js';
import { flatten } from '../../../finetune/ner/flatten.js';
import { spanF1 } from '../../../finetune/ner/span-f1.js';
import { mentionsOf, tagsOf } from '../../../finetune/ner/tags.js';
import { firstPieces, wordsOf } from '../../../finetune/ner/words.js';

const types = ['A', 'B'];

describe('wordsOf', () => {
  it('counts code points, keeps letters, digits and their marks together and marks apart', () => {
    const text = 'pH😀 7,4 (10mg) fie\u0301bre\u200b';
    const characters = Array.from(text);
    expect(wordsOf(text).map(({ start, end }) => characters.slice(start, end).join(''))).toEqual(['pH', '😀', '7', ',', '4', '(', '10mg', ')', 'fie\u0301bre']);
  });

  it('leaves no visible character out and takes none twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const covered = wordsOf(text).flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
      const visible = Array.from(text, (character, at) => (/[\s\p{C}]/u.test(character) ? -1 : at)).filter((at) => at >= 0);
      expect(covered).toEqual(visible);
    }));
  });
});

describe('firstPieces', () => {
  it('takes the first piece that shares a character; a leading space, a shared piece or none at all are no obstacle', () => {
    const words = [{ start: 0, end: 3 }, { start: 4, end: 6 }, { start: 6, end: 7 }, { start: 8, end: 9 }, { start: 10, end: 11 }];
    const pieces = { starts: Int32Array.of(0, 1, 3, 5, 10), ends: Int32Array.of(1, 3, 5, 7, 11) };
    expect([...firstPieces(words, pieces)]).toEqual([0, 2, 3, -1, 4]);
  });
});

describe('tags', () => {
  const words = [0, 3, 6, 9, 12].map((start) => ({ start, end: start + 2 }));

  it('spell mentions and mentions spell them', () => {
    const mentions: Mention[] = [{ start: 0, end: 5, type: 'B' }, { start: 6, end: 8, type: 'B' }, { start: 9, end: 14, type: 'A' }];
    expect([...tagsOf(words, mentions, types)]).toEqual([3, 4, 3, 1, 2]);
    expect(mentionsOf(words, [3, 4, 3, 1, 2], types)).toEqual(mentions);
  });

  it('read strictly: an inside without its beginning is nothing', () => {
    expect(mentionsOf(words, [2, 1, 4, 2, 0], types)).toEqual([{ start: 3, end: 5, type: 'A' }]);
    expect(mentionsOf(words, [0, 4, 4, 3, 4], types)).toEqual([{ start: 9, end: 14, type: 'B' }]);
  });

  it('give a word in which two mentions meet to the first', () => {
    expect([...tagsOf(words, [{ start: 0, end: 4, type: 'A' }, { start: 4, end: 8, type: 'B' }], types)]).toEqual([1, 2, 3, 0, 0]);
  });

  it('return any mentions of whole words that do not overlap', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })), { maxLength: 8 }), (stretches) => {
      const mentions: Mention[] = [];
      let at = 0;
      for (const [length, type] of stretches) {
        if (type < 2) mentions.push({ start: 3 * at, end: 3 * (at + length) - 1, type: types[type]! });
        at += length;
      }
      const line = Array.from({ length: at }, (_, w) => ({ start: 3 * w, end: 3 * w + 2 }));
      expect(mentionsOf(line, tagsOf(line, mentions, types), types)).toEqual(mentions);
    }));
  });
});

describe('flatten', () => {
  const annotated: AnnotatedMention[] = [
    { start: 0, end: 5, type: 'A' },
    { start: 3, end: 12, type: 'A' },
    { start: 3, end: 12, type: 'A' },
    { start: 3, end: 12, type: 'B' },
    { start: 12, end: 20, type: 'B' },
    { start: 0, end: 30, type: 'A', discontinuous: true },
  ];

  it('keeps the longest, of equal ones the first type, and counts the rest', () => {
    expect(flatten(annotated, 'leave-out')).toEqual({
      mentions: [{ start: 3, end: 12, type: 'A' }, { start: 12, end: 20, type: 'B' }],
      counts: { annotated: 6, repeated: 1, discontinuous: 1, overlapping: 2 },
    });
  });

  it('takes discontinuous mentions from first to last when told to', () => {
    expect(flatten(annotated, 'first-to-last').mentions).toEqual([{ start: 0, end: 30, type: 'A' }]);
  });
});

describe('spanF1', () => {
  it('counts start, end and type; micro over all mentions', () => {
    const mention = (start: number, end: number, type = 'A'): Mention => ({ start, end, type });
    const report = spanF1([
      { gold: [mention(0, 2), mention(5, 9), mention(10, 11, 'B')], predicted: [mention(0, 2), mention(5, 8), mention(10, 11)] },
      { gold: [mention(0, 2, 'B')], predicted: [mention(0, 2, 'B'), mention(0, 2, 'B')] },
    ], types);
    expect(report.micro).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, gold: 4, predicted: 4, correct: 2 });
    expect(report.by_type['A']).toMatchObject({ precision: 1 / 3, recall: 0.5, gold: 2, predicted: 3, correct: 1 });
    expect(report.by_type['B']).toMatchObject({ precision: 1, recall: 0.5, f1: 2 / 3 });
  });

  it('is 0 where there is nothing', () => {
    expect(spanF1([{ gold: [], predicted: [] }], types).micro).toEqual({ precision: 0, recall: 0, f1: 0, gold: 0, predicted: 0, correct: 0 });
  });

  it('gives seqeval\'s figures (strict, IOB2)', () => {
    const golden = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'fixtures', 'seqeval.json'), 'utf8')) as {
      gold: number[][];
      predicted: number[][];
      report: Record<string, { precision: number; recall: number; f1: number; support: number }>;
    };
    const read = (tags: readonly number[]) => mentionsOf(tags.map((_, w) => ({ start: w, end: w + 1 })), tags, ['A', 'B', 'C']);
    const { micro, by_type } = spanF1(golden.gold.map((tags, n) => ({ gold: read(tags), predicted: read(golden.predicted[n]!) })), ['A', 'B', 'C']);
    for (const [type, expected] of Object.entries(golden.report)) {
      const { precision, recall, f1, gold } = type === 'micro avg' ? micro : by_type[type]!;
      expect({ support: gold, precision, recall, f1 }).toEqual({ support: expected.support, precision: expect.closeTo(expected.precision, 12), recall: expect.closeTo(expected.recall, 12), f1: expect.closeTo(expected.f1, 12) });
    }
  });
});
