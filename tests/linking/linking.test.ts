/** Candidates of several steps in one ranking, accuracy by group, and the files that are read and written. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { accuracyByGroup } from '../../src/linking/accuracy.js';
import { createDictionary } from '../../src/linking/dictionary.js';
import { figureRows } from '../../src/linking/figures.js';
import { describeBy } from '../../src/linking/generator/descriptions.js';
import { silentLogger } from '../../src/core/log.js';
import { link } from '../../src/linking/linker.js';
import { linkingSteps, type Candidate, type CandidateSource, type LinkingStep, type Mention } from '../../src/linking/mention.js';
import { readMentions } from '../../src/linking/mentions-file.js';
import { codiespLines, jsonLines } from '../../src/linking/output.js';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-linking-'));
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

const mention = (text: string, code?: string): Mention => ({ noteId: 'n', fragments: [[0, text.length]], text, kind: 'dx', code });

const fixed = (step: LinkingStep, codes: Record<string, number>): CandidateSource => ({
  step,
  find: async (mentions) => mentions.map(() => Object.entries(codes).map(([code, score]): Candidate => ({ code, score, step, surface: `${step} ${code}` }))),
});

const ranked = async (k: number, ...sources: CandidateSource[]) => (await link([mention('x')], sources, k))[0]!;

describe('the linker', () => {
  it('lets the dictionary decide before PLI, and both before what is like', async () => {
    const found = await ranked(9, fixed('fuzzy', { F: 1, D: 0.9 }), fixed('pli', { P: 0.2, D: 1 }), fixed('dictionary', { D: 0.1 }));
    expect(found.map(({ code, step }) => [code, step])).toEqual([['D', 'dictionary'], ['P', 'pli'], ['F', 'fuzzy']]);
  });

  it('adds up the votes of inexact steps by their weights', async () => {
    const found = await ranked(9, fixed('fuzzy', { A: 0.6, B: 0.5 }), fixed('titles', { B: 0.4, C: 0.9 }), fixed('plii', { B: 0.1 }));
    expect(found.map(({ code, score }) => [code, score])).toEqual([['B', expect.closeTo(0.5 + 0.7 * 0.4 + 0.7 * 0.1, 10)], ['C', expect.closeTo(0.63, 10)], ['A', 0.6]]);
    expect(found[0]!.surface).toBe('fuzzy B');
  });

  it('gives different codes, at most k, whatever the steps say', async () => {
    const scores = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...linkingSteps), scores), { maxLength: 5 }), fc.integer({ min: 1, max: 5 }), async (steps, k) => {
        const found = (await ranked(k, ...steps.map(([step, codes]) => fixed(step, codes)))).map(({ code }) => code);
        const known = new Set(steps.flatMap(([, codes]) => Object.keys(codes)));
        expect(new Set(found).size).toBe(found.length);
        expect(found).toHaveLength(Math.min(k, known.size));
      }),
    );
  });

  it('links nothing by no step', async () => {
    expect(await link([mention('x')], [], 3)).toEqual([[]]);
    expect(await link([], [fixed('fuzzy', { A: 1 })], 3)).toEqual([]);
  });
});

describe('accuracy', () => {
  const dictionary = createDictionary([{ text: 'tos', code: 'R05' }, { text: 'fiebre', code: 'R50.9' }]);
  const candidates = (...codes: string[]): Candidate[] => codes.map((code) => ({ code, score: 1, step: 'fuzzy', surface: '' }));

  it('is counted over all, over surfaces in training or not, and over codes not in training', () => {
    const mentions = [mention('TOS', 'R05'), mention('toses', 'R05'), mention('asma', 'J45'), mention('sin oro')];
    const found = [candidates('R05'), candidates('A', 'B', 'R05'), candidates('A', 'B', 'C', 'D', 'E', 'J45'), candidates('Z')];
    const figures = accuracyByGroup(mentions, found, dictionary);
    expect(figures.all).toEqual({ mentions: 3, at: { 1: 1 / 3, 5: 2 / 3, 10: 1 } });
    expect(figures['surface in training']).toEqual({ mentions: 1, at: { 1: 1, 5: 1, 10: 1 } });
    expect(figures['surface unseen']).toEqual({ mentions: 2, at: { 1: 0, 5: 1 / 2, 10: 1 } });
    expect(figures['code unseen']).toEqual({ mentions: 1, at: { 1: 0, 5: 0, 10: 1 } });
  });

  it('of several checkpoints is a mean and a standard deviation', () => {
    const run = (right: boolean) => ({ dx: accuracyByGroup([mention('tos', 'R05')], [candidates(right ? 'R05' : 'A')], dictionary) });
    expect(figureRows([run(true)])[1]).toEqual(['dx, all', '1', '100.00', '100.00', '100.00']);
    expect(figureRows([run(true), run(false), run(true)])[1]![2]).toBe('66.67 (57.74)');
    expect(figureRows([run(true)])[3]!.slice(1)).toEqual(['0', '–', '–', '–']);
  });
});

describe('a file of mentions', () => {
  const notes = new Map([['a', '😀 Dolor de pecho y tos.']]);
  const read = (...lines: string[]) => {
    const file = path.join(temporary, 'mentions.tsv');
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    return readMentions(file, { notes, kind: 'dx' });
  };

  it('names its columns: spans, starts and ends, or texts', () => {
    expect(read('document\tspan\tlabel\tcode', 'a\t2 7;11 16\tDIAGNOSTICO\tr07.9')).toMatchObject([{ noteId: 'a', text: 'Dolor pecho', fragments: [[2, 7], [11, 16]], kind: 'dx', code: 'R07.9' }]);
    expect(read('document\ttype\tstart\tend', 'a\tPROCEDIMIENTO\t19\t22', '')).toMatchObject([{ text: 'tos', kind: 'px', code: undefined, sentence: '😀 Dolor de pecho y tos.' }]);
    expect(read('\ufeffDocument\tText', 'z\ttos seca')).toMatchObject([{ noteId: 'z', text: 'tos seca', fragments: [], kind: 'dx' }]);
  });

  it('is refused with the line that is wrong, without patient text', () => {
    expect(() => read('a\t2 7')).toThrow(/mentions\.tsv:1: expected a header line/);
    expect(() => read('document\tspan', 'a\t2 7', 'a\t7 2')).toThrow(/:3: expected a place/);
    expect(() => read('document\tspan', 'a\t2 99')).toThrow(/:2: its place ends after/);
    expect(() => read('document\tspan', 'b\t2 7')).toThrow(/:2: names a document that is not in this split/);
    expect(() => read('document\ttext\tkind', 'a\ttos\tpx2')).toThrow(/:2: kind "px2"; expected dx/);
    expect(() => read('document\ttext', 'a\t')).toThrow(/:2: has neither/);
    expect(() => readMentions(path.join(temporary, 'none.tsv'), { notes, kind: 'dx' })).toThrow(/no such file/);
  });
});

describe('what is written', () => {
  const candidates: Candidate[] = [{ code: 'R05', score: 1, step: 'dictionary', surface: 'words of a note' }, { code: 'R07.9', score: 0.5, step: 'titles', surface: 'Chest pain' }];
  const linked = [{ mention: { ...mention('patient words', 'R05'), fragments: [[2, 7], [11, 16]] as const }, candidates }, { mention: mention('y'), candidates: [] }];

  it('is CodiEsp-X lines of the best codes', () => {
    expect(codiespLines(linked)).toEqual(['n\t2 7;11 16\tDIAGNOSTICO\tr05']);
    expect(() => codiespLines([{ mention: { ...mention('z'), fragments: [] }, candidates }])).toThrow(/\.jsonl/);
  });

  it('holds no patient text unless asked for', () => {
    const [line] = jsonLines(linked, { texts: false });
    expect(line).not.toMatch(/words/);
    expect(JSON.parse(line!)).toEqual({ document: 'n', span: '2 7;11 16', kind: 'dx', gold: 'R05', candidates: [{ code: 'R05', score: 1, step: 'dictionary' }, { code: 'R07.9', score: 0.5, step: 'titles', matched: 'Chest pain' }] });
    const [told] = jsonLines(linked, { texts: true });
    expect(JSON.parse(told!)).toMatchObject({ text: 'patient words', candidates: [{ matched: 'words of a note' }, {}] });
  });
});

describe('descriptions', () => {
  it('come from prompts with mention and sentence, equal ones generated once', async () => {
    const asked: string[] = [];
    const generator = { generate: async (texts: readonly string[]) => (asked.push(...texts), texts.map((text) => [{ tokens: [], score: 0, text: text.toUpperCase() }])), dispose: async () => undefined };
    const describeAll = describeBy(generator, { prompt: '{sentence} | {mention} $&', beams: 5, maxNewTokens: 128, log: silentLogger() });
    const own = { ...mention('tos'), sentence: 'La tos $1.' };
    expect(await describeAll([own, own, mention('asma')])).toEqual([['LA TOS $1. | TOS $&'], ['LA TOS $1. | TOS $&'], ['ASMA | ASMA $&']]);
    expect(await describeAll([own])).toEqual([['LA TOS $1. | TOS $&']]);
    expect(asked.sort()).toEqual(['La tos $1. | tos $&', 'asma | asma $&']);
    expect(() => describeBy(generator, { prompt: 'x', beams: 5, maxNewTokens: 128, log: silentLogger() })).toThrow(/--prompt: expected \{mention\}/);
  });
});
