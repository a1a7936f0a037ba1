/** How the combined coder reads words: stems, bags, windows, what stands around a mention. */
import { describe, expect, it } from 'vitest';
import { bagOf, findBags, indexBags } from '../../../finetune/coder/bags.js';
import { contextOf } from '../../../finetune/coder/context.js';
import { readNote, surfaceOf, wordsOf, wordsOfMention } from '../../../finetune/coder/note.js';
import { briefTitle } from '../../../finetune/coder/spelling.js';
import { stemOf } from '../../../finetune/coder/stem.js';
import { windowsOf } from '../../../finetune/coder/windows.js';
import { markedNote } from './notes.js';

const contextIn = (text: string, mention: string) => {
  const words = wordsOf(text);
  const target = wordsOf(mention).map(({ key }) => key);
  const start = words.findIndex((_, at) => target.every((key, i) => words[at + i]?.key === key));
  return contextOf(words, new Float64Array(words.length).fill(0.25), { start, end: start + target.length });
};

describe('stems', () => {
  it.each([['renales', 'renal'], ['renal', 'renal'], ['derecha', 'derech'], ['derecho', 'derech'], ['mes', 'mes'], ['b12', 'b12'], ['quistes', 'quist']])('%s → %s', (word, stem) => expect(stemOf(word)).toBe(stem));
});

describe('mentions', () => {
  it('are words at their offsets, folded, also after characters beyond the basic plane', () => {
    const note = readNote(markedNote('n', '🩺 Refiere [Dolor torácico|R07.9] intenso.'));
    const covered = wordsOfMention(note, note.annotations['dx']!.mentions[0]!);
    expect(surfaceOf(covered)).toBe('dolor toracico');
    expect(Array.from(note.text).slice(covered[0]!.start, covered[1]!.end).join('')).toBe('Dolor torácico');
  });

  it('that are discontinuous are the words of their fragments', () => {
    const note = readNote({ ...markedNote('n', 'Dolor y edema de pierna'), annotations: { dx: { codes: ['X'], mentions: [{ code: 'X', fragments: [[0, 5], [17, 23]] }] } } });
    expect(surfaceOf(wordsOfMention(note, note.annotations['dx']!.mentions[0]!))).toBe('dolor pierna');
  });
});

describe('bags', () => {
  const found = (text: string, ...mentions: string[]) => {
    const bags = mentions.map((mention) => bagOf(wordsOf(mention)));
    return Object.fromEntries(findBags({ words: wordsOf(text) }, indexBags(bags, () => 1)));
  };
  const bag = bagOf(wordsOf('dolor en el hipocondrio derecho'));

  it('are stems without function words, whatever their order', () => {
    expect(bag).toBe('derech dolor hipocondri');
    expect(bagOf(wordsOf('hipocondrio derecho, dolor'))).toBe(bag);
    expect(bagOf(wordsOf('de la'))).toBe('');
  });

  it('are found in other order and with few words between, which are counted', () => {
    expect(found('Refiere dolor intenso en hipocondrio derecho hoy', 'dolor en el hipocondrio derecho')).toEqual({ [bag]: [{ start: 1, end: 6, gap: 1 }] });
    expect(found('hipocondrio derecho con dolor', 'dolor en el hipocondrio derecho')).toEqual({ [bag]: [{ start: 0, end: 4, gap: 0 }] });
  });

  it('are not found across a sentence, or with too much between', () => {
    expect(found('Tiene dolor. Hipocondrio derecho libre', 'dolor en el hipocondrio derecho')).toEqual({});
    expect(found('dolor muy fuerte constante opresivo en hipocondrio derecho', 'dolor en el hipocondrio derecho')).toEqual({});
    expect(found('dolor en hipocondrio', 'dolor en el hipocondrio derecho')).toEqual({});
  });

  it('of one word are found wherever it stands', () => expect(found('Fiebre. Sin fiebres', 'fiebre')).toEqual({ fiebr: [{ start: 0, end: 1, gap: 0 }, { start: 3, end: 4, gap: 0 }] }));
});

describe('what stands around a mention', () => {
  it('denies it the more, the nearer the negator', () => {
    expect(contextIn('No fiebre', 'fiebre').denied).toBe(1);
    expect(contextIn('No ha tenido fiebre', 'fiebre').denied).toBeCloseTo(1 / 1.3, 12);
    expect(contextIn('No tos. Tiene fiebre', 'fiebre').denied).toBe(0);
    expect(contextIn('Fiebre', 'fiebre').denied).toBe(0);
  });

  it('goes on in a list, follows, or gives it to a relative', () => {
    expect(contextIn('Sin tos ni fiebre', 'fiebre')).toMatchObject({ listed: 1, denied: 1 });
    expect(contextIn('Serología de sífilis negativa', 'sífilis').deniedAfter).toBe(1);
    expect(contextIn('Madre con asma', 'asma').ofRelative).toBe(1);
    expect(contextIn('Paciente con asma', 'asma').ofRelative).toBe(0);
  });

  it('is a word of a longer mention as often as its stem is one', () => {
    expect(contextIn('metástasis óseas', 'metástasis')).toMatchObject({ next: 0.25, joined: 0, contentAfter: 1, endsPhrase: 0 });
    expect(contextIn('fractura de la cadera', 'fractura')).toMatchObject({ next: 0, joined: 0.25, contentAfter: 0 });
    expect(contextIn('tiene fractura.', 'fractura')).toMatchObject({ endsPhrase: 1, previous: 0.25, contentBefore: 1 });
  });
});

describe('windows', () => {
  it('begin and end with words of meaning, within a phrase, where words were part of mentions', () => {
    const note = readNote(markedNote('n', 'dolor de cadera. Alta'));
    const rates = note.words.map(({ key }) => (key === 'dolor' ? 0.5 : key === 'cadera' ? 0.3 : 0));
    expect(windowsOf(note, rates)).toEqual([{ start: 0, end: 1, mean: 0.5, most: 0.5 }, { start: 0, end: 3, mean: 0.4, most: 0.5 }, { start: 2, end: 3, mean: 0.3, most: 0.3 }]);
  });
});

describe('titles', () => {
  it.each([['Neumonía, no especificada', 'neumonia'], ['Otras anemias (hemolíticas)', 'anemias'], ['Asthma, unspecified', 'asthma'], ['No especificado', '']])('%s → %s', (title, brief) => expect(briefTitle(title)).toBe(brief));
});
