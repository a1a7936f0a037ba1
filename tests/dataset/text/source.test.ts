/** Tokenizers of checkpoints against Python's own ids: fixtures and golden values of tests/fixtures/tokenizers/make_golden.py. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import tokenizers from 'tokenizers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/core/log.js';
import { packageFile } from '../../../src/core/paths.js';
import { createTokenizer, readTokenizer } from '../../../src/dataset/text/read.js';
import { assertSameTokenizer } from '../../../src/dataset/text/same.js';
import { findTokenizer, readTokenizerSource } from '../../../src/dataset/text/source.js';
import { sameTokenizer } from '../../../src/dataset/text/tokenizer.js';

const fixtures = packageFile('tests', 'fixtures', 'tokenizers');
const golden = JSON.parse(fs.readFileSync(path.join(fixtures, 'golden.json'), 'utf8')) as { texts: string[]; ids: Record<string, number[][]> };
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-tokenizers-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

const log = silentLogger();
const tokenizerIn = (name: string) => createTokenizer(readTokenizerSource(path.join(fixtures, name)).json, name);

/** A copy of a fixture that a test may change. */
function copyOf(name: string): string {
  const dir = fs.mkdtempSync(path.join(root, `${name}-`));
  fs.cpSync(path.join(fixtures, name), dir, { recursive: true });
  return dir;
}

describe.each(Object.keys(golden.ids))('%s', (name) => {
  const { json } = readTokenizerSource(path.join(fixtures, name));

  it("gives Python's ids", async () => {
    const lists = await createTokenizer(json, name).encode(golden.texts, 10_000);
    for (const [i, text] of golden.texts.entries()) expect([...lists[i]!], JSON.stringify(text)).toEqual(golden.ids[name]![i]);
  });

  it('is a tokenizer.json that the library reads, with the same ids', async () => {
    const encodings = await tokenizers.Tokenizer.fromString(json).encodeBatch(golden.texts, { addSpecialTokens: false });
    expect(encodings.map((encoding) => encoding.getIds())).toEqual(golden.ids[name]);
  });

  it('cuts texts, and none is too short', async () => {
    const lists = await createTokenizer(json, name).encode(golden.texts, 5);
    expect(lists.map((ids) => [...ids])).toEqual(golden.ids[name]!.map((ids) => ids.slice(0, 5)));
  });

  it('says by itself which ids are special', () => {
    const file = path.join(fs.mkdtempSync(path.join(root, 'alone-')), 'tokenizer.json');
    fs.writeFileSync(file, json);
    expect(readTokenizer(file).special).toEqual(tokenizerIn(name).special);
    expect(new Set(Object.values(readTokenizer(file).special)).size).toBe(5);
    expect(sameTokenizer(readTokenizer(file), tokenizerIn(name))).toBe(true);
  });
});

describe('special ids', () => {
  it('go by BERT’s names, RoBERTa’s, or those of the files beside it', () => {
    expect(tokenizerIn('bert').special).toEqual({ pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
    expect(tokenizerIn('roberta').special).toEqual({ pad: 1, unk: 3, cls: 0, sep: 2, mask: 4 });
    expect(tokenizerIn('unigram').special).toEqual({ pad: 1, unk: 3, cls: 0, sep: 2, mask: 4 });
    expect(tokenizerIn('own-names').special).toEqual({ pad: 2, unk: 4, cls: 0, sep: 1, mask: 3 });
  });

  it('that nothing tells are named in the error', () => {
    const dir = copyOf('own-names');
    fs.rmSync(path.join(dir, 'config.json'));
    expect(() => readTokenizerSource(dir)).toThrow(/tokenizer\.json: the vocabulary lacks \[PAD\] or <pad>;.*pad_token/);
    fs.writeFileSync(path.join(dir, 'config.json'), '{');
    expect(() => readTokenizerSource(dir)).toThrow('config.json: not valid JSON');
  });

  it('of a vocab.txt may be outside it', async () => {
    const dir = copyOf('bert-defaults');
    const file = path.join(dir, 'vocab.txt');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('[MASK]', '[unused]'));
    expect(() => readTokenizerSource(dir)).toThrow('vocab.txt: lacks [MASK]');
    const size = fs.readFileSync(file, 'utf8').trimEnd().split('\n').length;
    fs.writeFileSync(path.join(dir, 'added_tokens.json'), JSON.stringify({ '[MASK]': size, 'SOAP note': size + 1 }));
    const source = readTokenizerSource(dir);
    expect(source.files.map((name) => path.basename(name))).toEqual(['vocab.txt', 'added_tokens.json']);
    const tokenizer = createTokenizer(source.json, dir);
    expect([tokenizer.size, tokenizer.special.mask]).toEqual([size + 2, size]);
    const [ids] = await tokenizer.encode(['SOAP note [MASK]'], 9);
    expect([...ids!]).toEqual([size + 1, size]);
    fs.writeFileSync(path.join(dir, 'added_tokens.json'), JSON.stringify({ '[MASK]': size + 3 }));
    await expect(createTokenizer(readTokenizerSource(dir).json, dir).encode(['a [MASK]'], 9)).rejects.toThrow(`added token [MASK] has id ${size + 3}, the tokenizers library gives it ${size}`);
  });
});

describe('what may be given', () => {
  it('is a file: a tokenizer.json as it is, a vocabulary with what is beside it', async () => {
    const ruled = await findTokenizer(path.join(fixtures, 'bert-json-ruled', 'tokenizer.json'), { log });
    expect(ruled.json).toBe(fs.readFileSync(path.join(fixtures, 'bert-json-ruled', 'tokenizer.json'), 'utf8'));
    expect(ruled.files).toHaveLength(1);
    for (const [folder, file] of [['bert', 'vocab.txt'], ['roberta', 'vocab.json'], ['roberta', 'merges.txt']] as const) {
      const source = await findTokenizer(path.join(fixtures, folder, file), { log });
      expect(source).toEqual(await findTokenizer(path.join(fixtures, folder), { log }));
    }
  });

  it('is a vocabulary beside a tokenizer.json, when it is named', async () => {
    const dir = copyOf('bert');
    fs.copyFileSync(path.join(fixtures, 'unigram', 'tokenizer.json'), path.join(dir, 'tokenizer.json'));
    expect((await findTokenizer(dir, { log })).json).toContain('Unigram');
    expect((await findTokenizer(path.join(dir, 'vocab.txt'), { log })).json).toContain('WordPiece');
  });

  it('may have lines that end as on Windows', () => {
    const dir = copyOf('bert');
    const file = path.join(dir, 'vocab.txt');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(readTokenizerSource(dir).json).toBe(readTokenizerSource(path.join(fixtures, 'bert')).json);
  });

  it('is warned about when it lower-cases capital letters by default', async () => {
    const dir = copyOf('bert');
    fs.rmSync(path.join(dir, 'tokenizer_config.json'));
    const warn = vi.fn();
    await findTokenizer(dir, { log: { ...silentLogger(), warn } as unknown as typeof log });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"do_lower_case": false')]]);
  });

  it('is refused without a tokenizer, with the command that writes one of a SentencePiece model', () => {
    const dir = fs.mkdtempSync(path.join(root, 'none-'));
    expect(() => readTokenizerSource(dir)).toThrow('no tokenizer.json, vocab.txt, or vocab.json with merges.txt');
    fs.writeFileSync(path.join(dir, 'sentencepiece.bpe.model'), '');
    expect(() => readTokenizerSource(dir)).toThrow(/has sentencepiece\.bpe\.model but no tokenizer\.json; .*python -c ".*from_pretrained\('/);
  });

  it('is refused when merges are not of the vocabulary', () => {
    const dir = copyOf('roberta');
    fs.appendFileSync(path.join(dir, 'merges.txt'), '\u0120x zzz\n');
    expect(() => readTokenizerSource(dir)).toThrow(/merges\.txt: line \d+: not two pieces/);
  });
});

describe('a vocabulary', () => {
  it('is the same however it is written down, and not that of another checkpoint', () => {
    expect(sameTokenizer(tokenizerIn('roberta'), tokenizerIn('roberta-json'))).toBe(true);
    expect(sameTokenizer(tokenizerIn('bert'), tokenizerIn('bert-defaults'))).toBe(false);
  });

  it('of a checkpoint that the data was not prepared with is refused', () => {
    const data = { dir: 'data', tokenizer: tokenizerIn('roberta') };
    expect(() => assertSameTokenizer(path.join(fixtures, 'roberta-json'), data)).not.toThrow();
    expect(() => assertSameTokenizer(path.join(fixtures, 'bert'), data)).toThrow(/its vocabulary is not that of data\/tokenizer\.json; .*prepare\.tokenizer\.from=/);
  });
});

describe('decoding', () => {
  it.each([
    ['roberta', 'Paciente con fiebre, á 😀', ' Paciente con fiebre, á 😀'],
    ['unigram', 'Paciente con dolor', 'Paciente con dolor'],
    ['own-names', 'paciente con dolor', 'paciente con dolor'],
    ['bert', 'Paciente con dolor.', 'Paciente con dolor .'],
  ])('gives the words back: %s', async (name, text, expected) => {
    const tokenizer = tokenizerIn(name);
    const [ids] = await tokenizer.encode([text], 100);
    expect(tokenizer.decode(ids!)).toBe(expected);
  });
});
