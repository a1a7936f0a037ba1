/** From a note and its translation to English titles for Spanish mentions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignNotes, withTitlePairs } from '../../src/linking/parallel-notes.js';
import { alignSentences } from '../../src/linking/sentence-alignment.js';
import { sentenceAround, sentencesOf } from '../../src/linking/sentences.js';
import { createTitleMatcher, translated } from '../../src/linking/title-matcher.js';
import { learnTranslations } from '../../src/linking/translation.js';

describe('sentences', () => {
  it('end at a full stop before a capital, and at line breaks; not within numbers or abbreviations', () => {
    expect(sentencesOf('Tiene fiebre de 38.5 grados. Tose mucho.\n\nRx. tórax: normal')).toEqual(['Tiene fiebre de 38.5 grados.', 'Tose mucho.', 'Rx. tórax: normal']);
    expect(sentencesOf(' \n ')).toEqual([]);
  });

  it('around a mention reach from its first to its last fragment', () => {
    const note = Array.from('😀 Uno. Tiene fiebre de 38.5. Dos mal. Tres.');
    expect(sentenceAround(note, [[14, 20]])).toBe('Tiene fiebre de 38.5.');
    expect(sentenceAround(note, [[14, 20], [30, 33]])).toBe('Tiene fiebre de 38.5. Dos mal.');
    expect(sentenceAround(note, [[2, 5]])).toBe('😀 Uno.');
  });
});

describe('sentence alignment', () => {
  it('pairs sentences of like length and like words, joins split ones and drops what has no counterpart', () => {
    const source = ['Tiene hipertensión arterial y diabetes desde hace muchos años.', 'No fuma.', 'La tomografía mostró neumonía bilateral, y se inició tratamiento antibiótico con levofloxacino.'];
    const target = ['She has had arterial hypertension and diabetes for many years.', 'She does not smoke.', 'Tomography showed bilateral pneumonia.', 'Antibiotic treatment with levofloxacin was started.'];
    expect(alignSentences(source, target)).toEqual([
      { source: source[0], target: target[0] },
      { source: source[1], target: target[1] },
      { source: source[2], target: `${target[2]} ${target[3]}` },
    ]);
  });

  it('of a text with itself is the text', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{6,12}( [a-z]{6,12}){3,6}$/), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(words, (sentences) => {
        expect(alignSentences(sentences, sentences)).toEqual(sentences.map((text) => ({ source: text, target: text })));
      }),
      { numRuns: 40 },
    );
  });

  it('of nothing is nothing', () => {
    expect(alignSentences([], ['a'])).toEqual([]);
    expect(alignSentences(['a'], [])).toEqual([]);
  });
});

describe('IBM Model 1', () => {
  const exact = { leastCount: 1, leastProbability: 0 };

  it('after one round is what paper and pencil say', () => {
    // x is explained by the empty word, a and b in equal parts of the first pair (1/3 each), and by the empty word and a in the second (1/2).
    const learnt = learnTranslations([{ source: 'a b', target: 'x y' }, { source: 'a', target: 'x' }], { ...exact, rounds: 1 });
    expect(learnt.get('a')).toEqual([{ word: 'x', probability: expect.closeTo(5 / 7, 6) }, { word: 'y', probability: expect.closeTo(2 / 7, 6) }]);
    expect(learnt.get('b')).toEqual([{ word: 'x', probability: 0.5 }, { word: 'y', probability: 0.5 }]);
    expect(learnt.has('')).toBe(false);
  });

  it('learns which word is which from what comes together', () => {
    const pairs = ['la casa', 'la flor', 'una casa', 'una flor', 'la tos', 'tos', 'casa'].map((source) => ({ source, target: source.replace('la ', 'the ').replace('una', 'a').replace('casa', 'house').replace('flor', 'flower').replace('tos', 'cough') }));
    const learnt = learnTranslations(pairs, { leastCount: 1, rounds: 10 });
    expect(['casa', 'flor', 'tos', 'la', 'una'].map((word) => learnt.get(word)![0]!.word)).toEqual(['house', 'flower', 'cough', 'the', 'a']);
  });

  it('gives probabilities; rare words and numbers are left out', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '12'), { maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(fc.record({ source: text, target: text }), { maxLength: 7 }), (pairs) => {
        for (const translations of learnTranslations(pairs, { ...exact, most: 99 }).values()) {
          const sum = translations.reduce((total, { probability }) => total + probability, 0);
          expect(sum === 0 || Math.abs(sum - 1) < 1e-5).toBe(true);
          expect(translations.some(({ word }) => word === '12')).toBe(false);
        }
      }),
    );
    expect(learnTranslations([{ source: 'a', target: 'x' }]).size).toBe(0);
    expect(learnTranslations([]).size).toBe(0);
  });
});

describe('notes and their translation', () => {
  it('are paired by visit; without a common visit there is nothing to learn', () => {
    const pairs = alignNotes(new Map([['1', 'No fuma.'], ['2', 'Tose.']]), new Map([['1', 'Does not smoke.'], ['3', 'x']]), 'store');
    expect(pairs).toEqual([{ source: 'No fuma.', target: 'Does not smoke.' }]);
    expect(() => alignNotes(new Map([['1', 'a']]), new Map([['2', 'b']]), 'STORE')).toThrow(/^STORE: .*--language en/);
  });

  it('are mixed with what mentions and titles show', () => {
    const general = new Map([['lumbalgia', [{ word: 'pain', probability: 0.5 }]], ['tos', [{ word: 'cough', probability: 1 }]]]);
    const pairs = Array.from({ length: 2 }, () => ({ source: 'lumbalgia', target: 'dorsalgia' }));
    const mixed = withTitlePairs(general, pairs);
    expect(mixed.get('tos')).toEqual([{ word: 'cough', probability: 1 }]);
    expect(mixed.get('lumbalgia')).toEqual([{ word: 'pain', probability: 0.35 }, { word: 'dorsalgia', probability: expect.closeTo(0.3, 5) }]);
  });
});

describe('the title matcher', () => {
  const titles = new Map([['R05', 'Cough'], ['J18.9', 'Pneumonia, unspecified organism'], ['M54.5', 'Low back pain'], ['S72', 'Fracture of femur'], ['S72.0', 'Fracture of femur']]);
  const translations = new Map([['lumbalgia', ['low', 'back', 'pain'].map((word) => ({ word, probability: 1 / 3 }))], ['tos', [{ word: 'cough', probability: 0.9 }]]]);

  it('translates words it knows and compares the others as they are', () => {
    expect(translated('Tos crónica', translations)).toEqual([{ text: 'cough', weight: Math.sqrt(0.9) }, { text: 'cronica', weight: 1 }]);
    const match = createTitleMatcher({ titles, translations });
    expect(match('lumbalgia', 1)[0]!.code).toBe('M54.5');
    expect(match('tos', 1)[0]!.code).toBe('R05');
    expect(match('neumonía', 1)[0]!.code).toBe('J18.9');
    expect(match('', 3)).toEqual([]);
  });

  it('prefers codes without codes below them, and frequent ones', () => {
    expect(createTitleMatcher({ titles })('femur fracture', 2).map(({ code }) => code)).toEqual(['S72.0', 'S72']);
    expect(createTitleMatcher({ titles, frequency: new Map([['S72', 20]]) })('femur fracture', 2).map(({ code }) => code)).toEqual(['S72', 'S72.0']);
  });
});
