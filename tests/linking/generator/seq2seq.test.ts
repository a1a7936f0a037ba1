/** The tiny T5 of fixtures/make-seq2seq.py generates what Python's transformers generated with it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../../src/core/paths.js';
import { openGenerator, type Generator } from '../../../src/linking/generator/seq2seq.js';

const folder = packageFile('tests', 'linking', 'fixtures', 'seq2seq');

interface Golden {
  texts: string[];
  cases: { options: { num_beams: number; max_new_tokens: number; length_penalty?: number; early_stopping?: boolean }; beams: { tokens: number[]; text: string; score: number | null }[][] }[];
}
const golden = JSON.parse(fs.readFileSync(path.join(folder, 'golden.json'), 'utf8')) as Golden;

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-seq2seq-'));
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** The fixture with a generation configuration that the command line does not set. */
function withSettings(name: string, settings: Record<string, unknown>): string {
  const dir = path.join(temporary, name);
  fs.cpSync(folder, dir, { recursive: true });
  const file = path.join(dir, 'generation_config.json');
  fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...settings }));
  return dir;
}

describe.each(golden.cases.map(({ options, beams }, i) => ({ i, options, beams })))('generation with $options', ({ i, options: { num_beams, max_new_tokens, ...settings }, beams }) => {
  let generator: Generator;
  beforeAll(async () => {
    generator = await openGenerator(withSettings(`case-${i}`, settings));
  });
  afterAll(() => generator.dispose());

  it('gives Python\'s texts in Python\'s order, a batch or one by one', async () => {
    const options = { beams: num_beams, maxNewTokens: max_new_tokens };
    const together = await generator.generate(golden.texts, options);
    expect(together.map((found) => found.map(({ tokens }) => tokens))).toEqual(beams.map((found) => found.map(({ tokens }) => tokens)));
    expect(together.map((found) => found.map(({ text }) => text))).toEqual(beams.map((found) => found.map(({ text }) => text)));
    if (num_beams > 1) together.forEach((found, t) => found.forEach(({ score }, b) => expect(score).toBeCloseTo(beams[t]![b]!.score!, 4)));
    for (const [t, text] of golden.texts.entries()) {
      const [alone] = await generator.generate([text], options);
      expect(alone!.map(({ tokens }) => tokens)).toEqual(together[t]!.map(({ tokens }) => tokens));
    }
  });
});

describe('a generator', () => {
  it('may have its models in onnx/, as on the hub', async () => {
    const dir = path.join(temporary, 'hub');
    fs.cpSync(folder, dir, { recursive: true });
    fs.mkdirSync(path.join(dir, 'onnx'));
    for (const name of ['encoder_model.onnx', 'decoder_model_merged.onnx']) fs.renameSync(path.join(dir, name), path.join(dir, 'onnx', name));
    const generator = await openGenerator(dir);
    const [found] = await generator.generate([golden.texts[0]!], { beams: 5, maxNewTokens: 9 });
    expect(found![0]!.tokens).toEqual(golden.cases[0]!.beams[0]![0]!.tokens);
    await generator.dispose();
  });

  it('is refused when it is no folder or lacks its models, with what to do', async () => {
    await expect(openGenerator('./nowhere')).rejects.toThrow(/no such folder/);
    const empty = fs.mkdtempSync(path.join(temporary, 'empty-'));
    await expect(openGenerator(empty)).rejects.toThrow(/optimum-cli export onnx/);
  });
});
