import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { packageFile } from '../../src/core/paths.js';
import { openEmbedder, type Embedder, type EncodedTokens } from '../../src/embed/embedder.js';
import { pool } from '../../src/embed/pool.js';
import { openDevice } from '../../src/engine/index.js';
import { complaint, medweave, succeed } from '../cli/command-line.js';
import { expectAllClose } from '../support/all-close.js';

const checkpoint = packageFile('tests', 'fixtures', 'huggingface', 'bert');
const texts = ['the patient', '', 'a b c d e f g h i j k l m n o p q r s t', 'the patient the patient the'];

const open = async (options: { window?: number; overlap?: number; maxTokens?: number } = {}): Promise<Embedder> =>
  openEmbedder({ encoder: checkpoint, device: await openDevice('cpu', silentLogger()), overlap: 0, maxTokens: 19, log: silentLogger(), ...options });

describe('vectors of texts', () => {
  let embedder: Embedder;
  let together: EncodedTokens[];
  beforeAll(async () => {
    embedder = await open();
    together = await embedder.encode(texts);
  });
  afterAll(() => embedder.dispose());

  it('do not depend on the other texts', async () => {
    for (const [i, text] of texts.entries()) {
      const [alone] = await embedder.encode([text]);
      expect(alone!.ids).toEqual(together[i]!.ids);
      expectAllClose(alone!.hidden, together[i]!.hidden, { rtol: 1e-5, atol: 1e-6, label: `text ${i}` });
    }
  });

  it('begin with [CLS] and end with [SEP], also for an empty text; a text is cut where the encoder has no more positions', () => {
    const [cls, sep] = together[1]!.ids;
    for (const { ids } of together) expect([ids[0], ids.at(-1)]).toEqual([cls, sep]);
    expect(together[1]!.ids).toHaveLength(2);
    expect(together[2]!.ids).toHaveLength(19);
  });

  it('of a long text in overlapping chunks are those of the chunks by themselves', async () => {
    const chunked = await open({ window: 9, overlap: 3, maxTokens: 27 });
    const [long] = await chunked.encode([texts[2]!]);
    chunked.dispose();
    const [cls, sep] = together[1]!.ids;
    const starts = Array.from(long!.ids.keys()).filter((i) => long!.ids[i] === cls);
    expect(starts.length).toBe(3);
    expect(Array.from(long!.ids).filter((id) => id === sep)).toHaveLength(3);
    const inner = (chunk: number) => Array.from(long!.ids.slice(starts[chunk]! + 1, (starts[chunk + 1] ?? long!.ids.length) - 1));
    expect(inner(0).slice(-3)).toEqual(inner(1).slice(0, 3));
  });

  it('pool: mean and [CLS] by hand, BERT\'s pooler by its own weights', () => {
    const encoded: EncodedTokens = { ids: Int32Array.of(2, 3), hidden: Float32Array.of(1, 2, 3, 6) };
    expect(Array.from(pool(encoded, 'mean', { width: 2 }))).toEqual([2, 4]);
    expect(Array.from(pool(encoded, 'cls', { width: 2 }))).toEqual([1, 2]);
    const pooler = { weight: Float32Array.of(1, 0, 0.5, -1), bias: Float32Array.of(0, 1) };
    expectAllClose(pool(encoded, 'pooler', { width: 2, pooler }), Float32Array.of(Math.tanh(1), Math.tanh(-0.5)), { rtol: 1e-6, atol: 0, label: 'pooler' });
    expect(() => pool(encoded, 'pooler', { width: 2 })).toThrow(/no pooler; use mean or cls/);
  });

  it('refuses a window that the encoder has no positions for', async () => {
    await expect(open({ window: 20 })).rejects.toThrow(/--window 20: .* 3 to 19 tokens/);
  });
});

describe('medweave embed', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-embed-'));
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));
  const embed = (input: string, ...more: string[]) => ['embed', '--encoder', checkpoint, '--input', input, '--out', 'out.jsonl', '--device', 'cpu', ...more];
  const lines = (): Record<string, unknown>[] => fs.readFileSync(path.join(dir, 'out.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes one line a text, with its other fields', async () => {
    fs.writeFileSync(path.join(dir, 'in.jsonl'), texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
    await succeed(dir, ...embed('in.jsonl'));
    expect(lines().map(({ id }) => id)).toEqual([0, 1, 2, 3]);
    expect(lines().every(({ vector, text }) => (vector as number[]).length === 14 && text === undefined)).toBe(true);
  });

  it.each([
    ['a line that is no JSON', 'in.jsonl', '{"text": "a"}\nnot json\n', /in\.jsonl:2: not a JSON object/],
    ['a line without text', 'in.jsonl', '{"text": "a"}\n{"note": "b"}\n', /in\.jsonl:2: has no field `text`/],
    ['an empty file', 'in.txt', '', /in\.txt: holds no text/],
    ['another format', 'in.csv', 'text\na\n', /expected a \.txt or \.jsonl/],
  ])('%s: one line, exit 2', async (_, file, content, message) => {
    fs.writeFileSync(path.join(dir, file), content);
    const outcome = await medweave(dir, ...embed(file, '--force'));
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
  });
});
