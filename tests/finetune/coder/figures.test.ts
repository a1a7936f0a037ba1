/** A coder's figures and threshold, by hand. */
import { describe, expect, it } from 'vitest';
import { bestThreshold } from '../../../finetune/coder/decide.js';
import { figuresOf } from '../../../finetune/coder/figures.js';
import { readNote } from '../../../finetune/coder/note.js';
import type { ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { markedNote } from './notes.js';

const notes = [markedNote('a', 'Con [fiebre|A] y [tos|B].'), markedNote('b', 'Con [asma|C].')];

const scored = (probabilities: Record<string, number>[]) => notes.map((note, n) => ({
  note: readNote(note),
  candidates: Object.keys(probabilities[n]!).map((code) => ({ code, features: new Float64Array(), places: [] })),
  probabilities: Float64Array.from(Object.values(probabilities[n]!)),
}));

describe('the threshold', () => {
  it('maximises F1, codes that are no candidates counting as missed', () => {
    // F1 at 1, 2, 3, 4 decisions: 2/4, 4/5, 4/6, 4/7.
    expect(bestThreshold(scored([{ A: 0.9, X: 0.4, B: 0.7 }, { Y: 0.2 }]), 'dx')).toBeCloseTo(0.55, 12);
  });

  it('does not stand between equal probabilities', () => {
    expect(bestThreshold(scored([{ A: 0.9, X: 0.6, B: 0.6 }, { Y: 0.2 }]), 'dx')).toBeCloseTo(0.4, 12);
  });
});

describe('figures', () => {
  const code = (name: string, probability: number, spans: [number, number][] = []): ExplainedNote['codes'][number] => ({
    kind: 'dx', system: 'icd10cm', code: name, probability, predicted: probability > 0.5, spans: spans.map(([start, end]) => ({ start, end, weight: 1, source: 'mention' })),
  });
  const explained: ExplainedNote[] = [
    { id: 'a', text: '', codes: [code('A', 0.9, [[4, 10]]), code('X', 0.8), code('B', 0.4)] },
    { id: 'b', text: '', codes: [code('C', 0.7, [[0, 30]])] },
  ];
  const { kinds, evidence } = figuresOf({ notes, explained, kinds: ['dx'], seen: (_, name) => ({ A: 30, B: 0, C: 5, X: 6 })[name]! });

  it('rank, decide and reach', () => {
    expect(kinds['dx']).toMatchObject({ notes: 2, gold: 3, map: expect.closeTo((5 / 6 + 1) / 2, 12) as number, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, reach: 1 });
    expect(kinds['dx']!.official_map).toBeCloseTo(kinds['dx']!.map, 12);
  });

  it('rank only notes that probably have codes', () => {
    const doubtful = explained.map((note, n) => ({ ...note, codes: n ? note.codes.map((one) => ({ ...one, probability: 0.3 })) : note.codes }));
    const { map, official_map } = figuresOf({ notes, explained: doubtful, kinds: ['dx'], seen: () => 1 }).kinds['dx']!;
    expect(map).toBeCloseTo(5 / 6 / 2, 12);
    expect(official_map).toBeCloseTo(5 / 6, 12);
  });

  it('go by how often a code was seen', () => {
    const { bins } = kinds['dx']!;
    expect(bins.unseen).toMatchObject({ gold: 1, reach: 1, recall: 0, f1: 0 });
    expect(bins.tail).toMatchObject({ gold: 1, f1: 1 });
    expect(bins.middle).toMatchObject({ gold: 0, precision: 0 });
    expect(bins.head).toMatchObject({ gold: 1, f1: 1 });
  });

  it('compare probability with share', () => {
    const { calibration } = kinds['dx']!;
    expect(calibration.tenths[8]).toEqual({ candidates: 1, probability: 0.8, right: 0 });
    expect(calibration.error).toBeCloseTo((0.1 + 0.8 + 0.6 + 0.3) / 4, 12);
  });

  it('count evidence whose span is right', () => expect(evidence).toEqual({ precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 }));
});
