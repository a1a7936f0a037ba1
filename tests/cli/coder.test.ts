/** `medweave coder` and `medweave code` on a made-up corpus of CodiEsp's shape: the same answers after saving, files for the scorer, unseen codes by title, clear errors. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainedNote } from '../../finetune/evidence/explained-note.js';
import type { CoderFigures } from '../../finetune/coder/figures.js';
import { corpus, markedNote } from '../finetune/coder/notes.js';
import type { Note } from '../../finetune/coder/note.js';
import { runInProcess } from '../support/in-process.js';

let root: string;
const at = (...names: string[]): string => path.join(root, ...names);

function writeSplit(split: string, notes: readonly Note[]): void {
  fs.mkdirSync(at('raw', split, 'text_files'), { recursive: true });
  for (const { id, text } of notes) fs.writeFileSync(at('raw', split, 'text_files', `${id}.txt`), text);
  const rows = notes.flatMap(({ id, text, annotations }) => (annotations['dx']?.mentions ?? []).map(({ code, fragments }) => ({ code, start: fragments[0]![0], end: fragments[0]![1] })).map(({ code, start, end }) => [id, 'DIAGNOSTICO', code.toLowerCase(), Array.from(text).slice(start, end).join(''), `${start} ${end}`]));
  fs.writeFileSync(at('raw', split, `${split}X.tsv`), rows.map((row) => `${row.join('\t')}\n`).join(''));
  fs.writeFileSync(at('raw', split, `${split}D.tsv`), [...new Set(rows.map(([id, , code]) => `${id}\t${code}\n`))].join(''));
}

const small = ['--set', 'coder.mixer.members=2', '--set', 'coder.mixer.epochs=30', '--set', 'coder.folds=2'];

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-coder-'));
  const notes = corpus(40);
  writeSplit('train', notes.slice(0, 30));
  writeSplit('dev', [...notes.slice(30), markedNote('unseen', 'Acude por [psoriasis|L40.9] extensa.')]);
  fs.writeFileSync(at('titles.csv'), 'code,title\nL40.9,"Psoriasis, no especificada"\nI10,Hipertensión\n');
  expect(await runInProcess(['ingest', '--source', 'codiesp', '--raw', at('raw'), '--out', at('store')])).toMatchObject({ code: 0 });
  expect(await runInProcess(['coder', '--store', at('store'), '--titles', `dx=${at('titles.csv')}`, ...small, '--out', at('coder')])).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const code = (...options: string[]) => runInProcess(['code', '--coder', at('coder'), ...options, '--json']);
const notesIn = (dir: string): ExplainedNote[] => fs.readFileSync(at(dir, 'notes.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as ExplainedNote);

describe('coding', () => {
  it('learns what is denied and what is not, and reports what it does on notes it has not seen', async () => {
    const { code: exit, stdout } = await code('--store', at('store'), '--out', at('dev'));
    expect(exit).toBe(0);
    const { figures } = JSON.parse(stdout) as { figures: CoderFigures };
    expect(figures.kinds['dx']!.f1).toBeGreaterThan(0.9);
    expect(figures.evidence!.f1).toBeGreaterThan(0.9);
    expect(figures.kinds['dx']!.bins.unseen).toMatchObject({ gold: 1, reach: 1 });
  }, 60_000);

  it('writes files that the scorer reads, with the same figures', async () => {
    const { stdout } = await runInProcess(['score', 'codiesp-d', '--gold', at('raw/dev/devD.tsv'), '--pred', at('dev/D-ranked.tsv'), '--json']);
    const figures = JSON.parse(fs.readFileSync(at('dev/figures.json'), 'utf8')) as CoderFigures;
    expect((JSON.parse(stdout) as { dialects: Record<string, { map: number }> }).dialects['codiesp-strict']!.map).toBeCloseTo(figures.kinds['dx']!.map, 12);
    const decided = await runInProcess(['score', 'codiesp-d', '--gold', at('raw/dev/devD.tsv'), '--pred', at('dev/D-predicted.tsv'), '--json']);
    expect((JSON.parse(decided.stdout) as { dialects: Record<string, { f1: number }> }).dialects['codiesp-strict']!.f1).toBeCloseTo(figures.kinds['dx']!.f1, 12);
    const evidence = await runInProcess(['score', 'codiesp-x', '--gold', at('raw/dev/devX.tsv'), '--pred', at('dev/X-predicted.tsv'), '--json']);
    expect((JSON.parse(evidence.stdout) as { dialects: Record<string, { f1: number }> }).dialects['codiesp-strict']!.f1).toBeCloseTo(figures.evidence!.f1, 12);
  });

  it('finds a code that training never had by its title', () => {
    const psoriasis = notesIn('dev').find(({ id }) => id === 'unseen')!.codes.find((one) => one.code === 'L40.9')!;
    expect(psoriasis.title).toBe('Psoriasis, no especificada');
    expect(psoriasis.spans.map(({ start, end }) => 'Acude por psoriasis extensa.'.slice(start, end))).toContain('psoriasis');
  });

  it('codes a folder of texts, whatever is in them', async () => {
    fs.mkdirSync(at('texts'));
    fs.writeFileSync(at('texts/a.txt'), 'Varón que consulta por fiebre, y además asma.');
    fs.writeFileSync(at('texts/empty.txt'), '');
    fs.writeFileSync(at('texts/odd.txt'), '\u0000🩺 \n\n--- 12/3 ((');
    expect((await code('--texts', at('texts'), '--out', at('coded'))).code).toBe(0);
    const predicted = fs.readFileSync(at('coded/D-predicted.tsv'), 'utf8').trim().split('\n');
    expect(predicted.filter((line) => line.startsWith('a\t')).sort()).toEqual(['a\tj45.909', 'a\tr50.9']);
    expect(notesIn('coded').map(({ id }) => id)).toEqual(['a', 'empty', 'odd']);
  }, 60_000);

  it('shows its evidence on a page', async () => {
    const { code: exit } = await runInProcess(['explain', '--coded', at('coded'), '--visits', 'a', '--out', at('page.html')]);
    expect(exit).toBe(0);
    const page = fs.readFileSync(at('page.html'), 'utf8');
    expect(page).toContain('R50.9');
    expect(page).toContain('fiebre');
    expect(page).not.toContain('12/3');
    expect(await runInProcess(['explain', '--coded', at('coded'), '--visits', 'nobody', '--out', at('none.html')])).toMatchObject({ code: 2, stderr: expect.stringContaining('no note nobody') as string });
    expect(await runInProcess(['explain', '--out', at('none.html')])).toMatchObject({ code: 2, stderr: expect.stringContaining('--run is missing') as string });
  });

  it('is the same again, and does nothing when asked for the same', async () => {
    await runInProcess(['coder', '--store', at('store'), '--titles', `dx=${at('titles.csv')}`, ...small, '--out', at('again')]);
    for (const file of ['dx.json', 'dx.safetensors', 'figures.json']) expect(fs.readFileSync(at('again', file))).toEqual(fs.readFileSync(at('coder', file)));
    const repeated = await code('--store', at('store'), '--out', at('dev'));
    expect(JSON.parse(repeated.stdout)).toMatchObject({ done: false });
  }, 60_000);

  it('learns from another model, and then asks for its probabilities', async () => {
    const probabilities = (ids: readonly string[]): string => ids.map((id) => `${JSON.stringify({ visit_id: id, codes: [{ system: 'icd10cm', code: 'I10', probability: 0.9 }] })}\n`).join('');
    fs.writeFileSync(at('scores.jsonl'), probabilities(corpus(30).map(({ id }) => id)));
    const trained = await runInProcess(['coder', '--store', at('store'), '--scores', `dx=${at('scores.jsonl')}`, ...small, '--out', at('with-model')]);
    expect(trained.code).toBe(0);
    const refused = await runInProcess(['code', '--coder', at('with-model'), '--texts', at('texts'), '--out', at('refused')]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('give --scores dx=FILE.jsonl') as string });
    expect(fs.existsSync(at('refused'))).toBe(false);
    fs.writeFileSync(at('new.jsonl'), probabilities(['a', 'odd']));
    const coded = await runInProcess(['code', '--coder', at('with-model'), '--texts', at('texts'), '--scores', `dx=${at('new.jsonl')}`, '--out', at('scored')]);
    expect(coded.code).toBe(0);
    expect(notesIn('scored')[0]!.codes.map((one) => one.code)).toContain('I10');
  }, 60_000);
});

describe('wrong input is named', () => {
  it.each([
    [['code', '--coder', 'CODER', '--out', 'X'], '--texts FOLDER or --store STORE is missing'],
    [['code', '--coder', 'CODER', '--texts', 'nowhere', '--out', 'X'], 'nowhere'],
    [['code', '--coder', 'STORE', '--texts', 'TEXTS', '--out', 'X'], 'expected the output of `medweave coder`'],
    [['code', '--coder', 'CODER', '--store', 'STORE', '--split', 'test', '--out', 'X'], "no note of the split test; the store's splits: "],
    [['code', '--coder', 'CODER', '--texts', 'TEXTS', '--scores', 'dx=SCORES', '--out', 'X'], 'learnt without a model'],
    [['coder', '--store', 'STORE', '--titles', 'rx=a', '--out', 'X'], 'expected KIND=FILE'],
    [['coder', '--store', 'STORE', '--titles', 'dx=nowhere.csv', '--out', 'X'], 'nowhere.csv'],
    [['coder', '--store', 'STORE', '--foreign-titles', 'dx=TITLES', '--out', 'X'], 'needs --translate-with'],
    [['coder', '--store', 'STORE', '--set', 'coder.kinds=[px]', '--out', 'X'], 'no training note has codes of kind px'],
  ])('%s', async (argv, message) => {
    const known: Record<string, string> = { CODER: at('coder'), STORE: at('store'), TEXTS: at('texts'), TITLES: at('titles.csv'), 'dx=TITLES': `dx=${at('titles.csv')}`, 'dx=SCORES': `dx=${at('scores.jsonl')}`, X: at('x') };
    const result = await runInProcess(argv.map((word) => known[word] ?? word));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(fs.existsSync(at('x'))).toBe(false);
  });
});
