import { describe, expect, it } from 'vitest';
import { maskedBatch } from '../../pretrain/batches.js';
import { maskingSchema, pretrainSchema } from '../../pretrain/config.js';
import { maskCodes, maskedCount, maskingVocabularies, type CodeRows } from '../../pretrain/masking.js';
import { createRng } from '../../src/core/rng.js';
import { tinyVisits } from '../encoders/tiny-model.js';

const config = maskingSchema.parse({});
/** Even rows of the vocabulary are of one system, odd ones of another. */
const vocabulary = { size: 40, replacements: (row: number) => Array.from({ length: 20 }, (_, i) => 2 * i + (row % 2)) };

/** 400 visits: [CLS], one code outside the vocabulary, 20 codes, padding. */
const rows: CodeRows = (() => {
  const [batch, width] = [400, 25];
  const ids = new Int32Array(batch * width);
  const mask = new Uint8Array(batch * width);
  for (let row = 0; row < batch; row++) {
    ids.set([1, 3, ...createRng(1, row).sample(Array.from({ length: 40 }, (_, i) => i + 4), 20)], row * width);
    mask.fill(1, row * width, row * width + 22);
  }
  return { batch, width, ids, mask };
})();

describe('masking', () => {
  const masked = maskCodes(rows, vocabulary, config, (row) => createRng(7, row));
  const targetsOf = (row: number): number[] => Array.from(masked.targets.subarray(row * 40, (row + 1) * 40).keys()).filter((code) => masked.targets[row * 40 + code]);

  it('takes 15 % of the codes, at least one, at most twenty', () => {
    expect([0, 1, 3, 10, 20, 61, 200].map((count) => maskedCount(count, config))).toEqual([0, 1, 1, 2, 3, 9, 20]);
    for (let row = 0; row < rows.batch; row++) expect(targetsOf(row).length).toBe(3);
  });

  it('replaces 80 % by [MASK], leaves 10 % and draws 10 % from the same system', () => {
    const outcome = { mask: 0, same: 0, random: 0 };
    for (let row = 0; row < rows.batch; row++) {
      for (const code of targetsOf(row)) {
        const at = rows.ids.indexOf(code + 4, row * rows.width);
        const now = masked.ids[at]!;
        outcome[now === 2 ? 'mask' : now === code + 4 ? 'same' : 'random']++;
        if (now !== 2) expect((now - 4) % 2).toBe(code % 2);
      }
    }
    // 1,200 draws: standard deviation 14 for the mask, 10 for the others; a random draw hits the same code once in 20.
    expect(Math.abs(outcome.mask - 960)).toBeLessThan(60);
    expect(Math.abs(outcome.same - 126)).toBeLessThan(45);
    expect(Math.abs(outcome.random - 114)).toBeLessThan(45);
  });

  it('touches neither [CLS], [UNK] nor padding, and only codes that become targets', () => {
    masked.ids.forEach((id, at) => {
      if (id === rows.ids[at]) return;
      expect(rows.ids[at]!).toBeGreaterThanOrEqual(4);
      expect(masked.targets[Math.floor(at / rows.width) * 40 + rows.ids[at]! - 4]).toBe(1);
    });
  });
});

describe('where random codes are drawn from', () => {
  const systems = (...names: string[]) => names.map((system) => ({ system }));
  const kinds = { dx: systems('icd9cm', 'icd10cm', 'icd9cm', 'icd9cm', 'icd10cm'), rx: systems('atc', 'atc', 'atc') };
  const drawnFrom = (random_from: string) => maskingVocabularies(kinds, maskingSchema.parse({ random_from }));

  it('same-system: the codes of its system within its kind', () => {
    const { dx, rx } = drawnFrom('same-system');
    expect([dx!.size, rx!.size]).toEqual([5, 3]);
    expect([0, 1, 4].map((row) => dx!.replacements(row))).toEqual([[0, 2, 3], [1, 4], [1, 4]]);
    expect(rx!.replacements(2)).toEqual([0, 1, 2]);
  });

  it('other-system: the other kinds\' codes, which follow its own', () => {
    const { dx, rx } = drawnFrom('other-system');
    expect(dx!.replacements(3)).toEqual([5, 6, 7]);
    expect(rx!.replacements(0)).toEqual([3, 4, 5, 6, 7]);
  });

  it('other-system: what was there stays what is predicted', () => {
    const { dx } = drawnFrom('other-system');
    const one: CodeRows = { batch: 1, width: 3, ids: Int32Array.of(1, 4 + 2, 0), mask: Uint8Array.of(1, 1, 0) };
    const { ids, targets } = maskCodes(one, dx!, maskingSchema.parse({ keep: 0, random: 1 }), () => createRng(3));
    expect(Array.from(targets)).toEqual([0, 0, 1, 0, 0]);
    expect([4 + 5, 4 + 6, 4 + 7]).toContain(ids[1]);
    expect([ids[0], ids[2]]).toEqual([1, 0]);
  });

  it('other-system needs another kind', () => {
    expect(() => maskingVocabularies({ dx: kinds.dx }, maskingSchema.parse({ random_from: 'other-system' }))).toThrow('needs two kinds of codes, there is only dx');
  });
});

describe('a batch of pre-training', () => {
  const vocabularies = { dx: { size: 5, replacements: () => [0, 1, 2, 3, 4] }, rx: { size: 3, replacements: () => [0, 1, 2] } };
  const batch = (overrides: object, visits: number[], epoch: number | 'dev') =>
    Object.fromEntries(maskedBatch(tinyVisits(), Int32Array.from(visits), { config: pretrainSchema.parse(overrides), vocabularies, seed: 1, epoch }).map(({ name, data }) => [name, data]));

  it('predicts a withheld kind whole, and marks it absent', () => {
    const { 'dx.targets': targets, 'dx.codes': codes, 'dx.present': present, 'dx.mask': mask } = batch({ modality_dropout: { text: 0, codes: 1 } }, [4, 9, 2], 0);
    expect(targets).toEqual(codes);
    expect(Array.from(present!)).toEqual([0, 0, 0]);
    expect(mask!.some((flag) => flag)).toBe(false);
  });

  it('withholds nothing on dev, and masks the same codes every time', () => {
    const hidden = { modality_dropout: { text: 1, codes: 1 } };
    expect(Array.from(batch(hidden, [4, 9, 2], 'dev')['text.present']!)).toEqual([1, 0, 1]);
    expect(batch(hidden, [4, 9, 2], 'dev')).toEqual(batch({}, [4, 9, 2], 'dev'));
  });

  it('draws masks anew each epoch, or once and for all', () => {
    const masks = (draw: string) => Array.from({ length: 12 }, (_, epoch) => batch({ masking: { draw }, modality_dropout: { text: 0, codes: 0 } }, [4, 9, 2], epoch)['dx.targets']!.join());
    expect(new Set(masks('dynamic')).size).toBeGreaterThan(1);
    expect(new Set(masks('static')).size).toBe(1);
  });
});
