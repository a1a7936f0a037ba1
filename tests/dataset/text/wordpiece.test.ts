import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import tokenizers from 'tokenizers';
import { afterAll, describe, expect, it } from 'vitest';
import { learnWordPiece } from '../../../src/dataset/text/learn.js';
import { readTokenizer } from '../../../src/dataset/text/read.js';
import { parseTokenizerFile } from '../../../src/dataset/text/tokenizer-file.js';
import { encodeWord, wordPiecesOf } from '../../../src/dataset/text/wordpiece.js';
import { createWordSplitter } from '../../../src/dataset/text/words.js';
import { specialTokens, tokenizerJson } from '../../../src/dataset/text/write.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-encode-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));

const sentences = [
  'The patient denies chest pain; no fever, no cough.',
  'Paciente de 37 años con fiebre (40,2 °C) y dolor en el último mes.',
  'Metformin 500 mg b.i.d. was stopped — creatinine rose to 2.1 mg/dL!',
  'naïve café ΟΔΟΣ İstanbul 北京 ﬁbrillation $5 <b>`x`</b> ~3^2',
];

const count = (texts: string[], options: { lowercase: boolean; strip_accents: boolean }): Map<string, number> => {
  const counts = new Map<string, number>();
  const split = createWordSplitter(options);
  for (const text of texts) split(text, (word) => counts.set(word, (counts.get(word) ?? 0) + 1));
  return counts;
};

const jsonWith = (options: { lowercase: boolean; strip_accents: boolean }): string =>
  tokenizerJson(learnWordPiece(count(sentences, options), { vocabulary_size: 300, min_frequency: 1 }), options);

function fileWith(options: { lowercase: boolean; strip_accents: boolean }, change: (json: string) => string = (json) => json): string {
  const file = path.join(fs.mkdtempSync(path.join(dir, 'case-')), 'tokenizer.json');
  fs.writeFileSync(file, change(jsonWith(options)));
  return file;
}

const referenceIds = async (reference: tokenizers.Tokenizer, text: string): Promise<number[]> => (await reference.encode(text, null, { addSpecialTokens: false })).getIds();

const sizeOf = (json: string): number => Object.keys((JSON.parse(json) as { model: { vocab: object } }).model.vocab).length;

describe('our encoder and the tokenizers library', () => {
  const characters = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...sentences.flatMap((s) => s.split(' ')), ' ', '\r\n', '\u200b', '\u0085', '\u00ad', '\ufffd', 'Σ', 'ñ', 'n\u0303', '[MASK]', 'x[PAD]'), { maxLength: 12 }).map((parts) => parts.join('')),
  );

  for (const lowercase of [true, false]) {
    for (const strip_accents of [true, false]) {
      it(`agree on any text (lowercase ${lowercase}, strip_accents ${strip_accents})`, async () => {
        const file = fileWith({ lowercase, strip_accents });
        const { encode } = readTokenizer(file);
        const reference = tokenizers.Tokenizer.fromFile(file);
        await fc.assert(
          fc.asyncProperty(characters, async (text) => {
            // What only newer or older Unicode tables assign is left out.
            fc.pre(!/\p{Cn}|\p{Cs}/u.test(text));
            const [ids] = await encode([text], 10_000);
            expect([...ids!]).toEqual(await referenceIds(reference, text));
          }),
          { numRuns: 500, seed: 7, examples: sentences.map((s) => [s]) },
        );
      });
    }
  }

  it.each([
    ['another prefix', (json: string) => json.replaceAll('"##', '"@@').replaceAll('"prefix":"@@"', '"prefix":"##"')],
    ['shorter words', (json: string) => json.replace('"max_input_chars_per_word":100', '"max_input_chars_per_word":6')],
    ['accents that go with case', (json: string) => json.replace('"strip_accents":false', '"strip_accents":null')],
    ['ideographs within words', (json: string) => json.replace('"handle_chinese_chars":true', '"handle_chinese_chars":false')],
    ['text that is not cleaned', (json: string) => json.replace('"clean_text":true', '"clean_text":false')],
    ['an added token that is found after lower-casing', (json: string) => json.replace('"added_tokens":[', `"added_tokens":[{"id":${sizeOf(json)},"content":"CHEST pain","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false},`)],
  ])('agree on %s', async (_name, change) => {
    const file = fileWith({ lowercase: true, strip_accents: false }, change);
    expect(fs.readFileSync(file, 'utf8')).not.toBe(jsonWith({ lowercase: true, strip_accents: false }));
    const reference = tokenizers.Tokenizer.fromFile(file);
    const texts = [...sentences, 'Chest\u0000 pain\u0007fever 北京fever'];
    const ids = await readTokenizer(file).encode(texts, 10_000);
    for (const [i, text] of texts.entries()) expect([...ids[i]!]).toEqual(await referenceIds(reference, text));
  });

  it('decode back to the words', async () => {
    const file = fileWith({ lowercase: true, strip_accents: false });
    const tokenizer = readTokenizer(file);
    const [ids] = await tokenizer.encode(['fever, no cough'], 100);
    expect(await tokenizers.Tokenizer.fromFile(file).decode([...ids!], true)).toBe('fever, no cough');
    expect(tokenizer.decode(ids!)).toBe('fever , no cough');
  });
});

describe('encoding', () => {
  const file = fileWith({ lowercase: true, strip_accents: false });
  const tokenizer = readTokenizer(file);

  it('gives [UNK] for a word with a part outside the vocabulary, and for very long words', () => {
    const pieces = wordPiecesOf(parseTokenizerFile(fs.readFileSync(file, 'utf8'), file))!;
    expect(encodeWord('fe界', pieces)).toEqual([tokenizer.special.unk]);
    expect(encodeWord('a'.repeat(101), pieces)).toEqual([tokenizer.special.unk]);
  });

  it('cuts after the largest number of tokens', async () => {
    const lists = await tokenizer.encode(['no no no no no', 'no [MASK] no no'], 3);
    expect(lists.map((ids) => ids.length)).toEqual([3, 3]);
    expect(lists[1]![1]).toBe(tokenizer.special.mask);
  });

  it('has the special tokens at 0 to 4 in vocabularies learnt here', () => {
    expect(specialTokens.map((token) => tokenizer.vocabulary.get(token))).toEqual([0, 1, 2, 3, 4]);
    expect(tokenizer.size).toBe(tokenizer.vocabulary.size);
  });
});

describe('a tokenizer file that is none', () => {
  const bpe = '{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}';
  it.each([
    ['not JSON', '{', 'cannot be read'],
    ['another JSON', '{"vocab_size":3}', 'not a tokenizer.json'],
    ['no special tokens', bpe, 'lacks [PAD] or <pad>'],
  ])('%s: is an error that names the file', (_name, content, message) => {
    const bad = path.join(dir, 'bad.json');
    fs.writeFileSync(bad, content);
    expect(() => readTokenizer(bad)).toThrow(message);
    expect(() => readTokenizer(bad)).toThrow(bad);
  });

  it('that the library refuses: is an error when the first text is encoded', async () => {
    const bad = path.join(dir, 'refused.json');
    const vocab = { '<s>': 0, '<pad>': 1, '</s>': 2, '<unk>': 3, '<mask>': 4 };
    fs.writeFileSync(bad, JSON.stringify({ model: { type: 'BPE', vocab, merges: [['x', 'y']] } }));
    await expect(readTokenizer(bad).encode(['x'], 9)).rejects.toThrow(`${bad}: the tokenizers library cannot read it`);
  });
});
