/** `medweave link` on a small corpus of our own with a translation, and on CodiEsp where it is. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageFile, packageRoot } from '../../src/core/paths.js';
import { temporaryDir, writeFiles, type Tables } from '../records/raw.js';
import { runInProcess } from '../support/in-process.js';

const table = (...rows: string[][]): string => rows.map((row) => `${row.join('\t')}\n`).join('');

const spanish = ['Presenta tos.', 'Presenta fiebre.', 'Tiene tos y fiebre.', 'Tiene dolor de cabeza.', 'Presenta dolor lumbar y tos.', 'Sufre cefalea.', 'Presenta cefalea y fiebre.', 'Sufre dolor.'];
const english = ['He has cough.', 'He has fever.', 'There is cough and fever.', 'There is pain of the head.', 'He has pain of the back and cough.', 'He suffers from headache.', 'He has headache and fever.', 'He suffers pain.'];

function corpus(): Tables {
  const background = Object.fromEntries(spanish.flatMap((text, i) => [[`background/text_files/b${i}.txt`, `${text}\n`], [`background/text_files_en/b${i}.txt`, `${english[i]}\n`]]));
  return {
    'train/text_files/t1.txt': 'Presenta tos. Adenopatía axilar.\n',
    'train/text_files_en/t1.txt': 'He has cough. Axillary adenopathy.\n',
    'train/trainD.tsv': table(['t1', 'r05'], ['t1', 'r59.0']),
    'train/trainP.tsv': table(['t1', 'bw03zzz']),
    'train/trainX.tsv': table(['t1', 'DIAGNOSTICO', 'r05', 'tos', '9 12'], ['t1', 'DIAGNOSTICO', 'r59.0', 'Adenopatía axilar', '14 31']),
    'dev/text_files/d1.txt': 'Sufre cefalea, TOS y adenopatias.\n',
    'dev/text_files_en/d1.txt': 'He suffers from headache, cough and adenopathies.\n',
    'dev/devD.tsv': table(['d1', 'r51'], ['d1', 'r05'], ['d1', 'r59.0']),
    'dev/devP.tsv': table(['d1', 'bw03zzz']),
    'dev/devX.tsv': table(['d1', 'DIAGNOSTICO', 'r51', 'cefalea', '6 13'], ['d1', 'DIAGNOSTICO', 'r05', 'TOS', '15 18'], ['d1', 'DIAGNOSTICO', 'r59.0', 'adenopatias', '21 32']),
    ...background,
  };
}

let dir: string;
const at = (name: string): string => path.join(dir, name);

async function link(...argv: string[]) {
  return await runInProcess(['link', '--store', at('es'), ...argv]);
}

async function linked(name: string, ...argv: string[]): Promise<{ out: string; json: { runs: { steps: Record<string, string[]>; accuracy: Record<string, Record<string, { mentions: number; at: Record<string, number> }>> }[] } }> {
  const { code, stdout, stderr } = await link(...argv, '--out', at(name), '--json');
  if (code !== 0) throw new Error(`medweave link ${argv.join(' ')}: exit code ${code}\n${stderr}`);
  return { out: fs.readFileSync(at(name), 'utf8'), json: JSON.parse(stdout) as never };
}

beforeAll(async () => {
  dir = temporaryDir();
  writeFiles(at('raw'), corpus());
  fs.writeFileSync(at('titles.csv'), 'code,title\nR05,Cough\nR51,Headache\nR50.9,"Fever, unspecified"\nR59.0,Localized enlarged lymph nodes\nM54.5,Low back pain\n');
  for (const language of ['es', 'en']) {
    const { code, stderr } = await runInProcess(['ingest', '--source', 'codiesp', '--raw', at('raw'), '--language', language, '--out', at(language)]);
    if (code !== 0) throw new Error(stderr);
  }
});

describe('medweave link', () => {
  it('links by training mentions alone, and reports what it gets right', async () => {
    const { out, json } = await linked('plain.tsv');
    const lines = out.split('\n');
    expect(lines).toContain('d1\t15 18\tDIAGNOSTICO\tr05');
    expect(lines).toContain('d1\t21 32\tDIAGNOSTICO\tr59.0');
    expect(json.runs[0]!.steps).toEqual({ dx: ['dictionary', 'fuzzy'] });
    const { all, 'surface unseen': unseen, 'code unseen': code } = json.runs[0]!.accuracy['dx']!;
    expect([all!.mentions, unseen!.mentions, code!.mentions]).toEqual([3, 2, 1]);
    expect([all!.at['1'], unseen!.at['1'], code!.at['1']]).toEqual([expect.closeTo(2 / 3, 10), 0.5, 0]);
  });

  it('finds a code that training never had, by its title in another language', async () => {
    const { out, json } = await linked('translated.tsv', '--titles', at('titles.csv'), '--translate-with', at('en'));
    expect(out).toContain('d1\t6 13\tDIAGNOSTICO\tr51\n');
    expect(json.runs[0]!.accuracy['dx']!['code unseen']!.at['1']).toBe(1);
  });

  it('looks for mentions itself, or takes a file of them', async () => {
    expect((await linked('detected.tsv', '--detect')).out).toBe(table(['d1', '15 18', 'DIAGNOSTICO', 'r05']));
    fs.writeFileSync(at('own.tsv'), table(['document', 'text', 'code'], ['x', 'Tos', 'R05'], ['x', 'xyz', '']));
    const { out, json } = await linked('own.jsonl', '--mentions', at('own.tsv'), '--top', '2');
    expect(out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { candidates: { code: string }[] }).candidates[0]?.code)).toEqual(['R05', undefined]);
    expect(out).not.toMatch(/Tos|xyz/);
    expect(json.runs[0]!.accuracy['dx']!['all']!.mentions).toBe(1);
  });

  it('runs the generative pipeline: descriptions, PLI, PLII; several checkpoints give several runs', async () => {
    process.env['MEDWEAVE_CACHE'] = at('cache');
    const generator = packageFile('tests', 'linking', 'fixtures', 'seq2seq');
    fs.cpSync(generator, at('second'), { recursive: true });
    // The tiny generator writes only these words, so that one of them is made a title.
    fs.writeFileSync(at('random.csv'), 'code,title\nR05,the\nR51,right without\nR59.0,left\n');
    const encoder = packageFile('tests', 'fixtures', 'huggingface', 'bert');
    const { json, out } = await linked('generated.jsonl', '--titles', at('random.csv'), '--generator', generator, '--generator', at('second'), '--max-new-tokens', '4', '--prompt', 'describe : {mention}', '--encoder', encoder, '--steps', 'pli,plii');
    expect(json.runs.map(({ steps }) => steps)).toEqual([{ dx: ['pli', 'plii'] }, { dx: ['pli', 'plii'] }]);
    expect(json.runs[0]!.accuracy).toEqual(json.runs[1]!.accuracy);
    for (const line of out.trimEnd().split('\n')) expect((JSON.parse(line) as { candidates: unknown[] }).candidates).toHaveLength(3);
    delete process.env['MEDWEAVE_CACHE'];
  });

  it.each([
    [['--out', 'x.txt'], /--out x\.txt: expected a file ending in \.tsv or \.jsonl/],
    [['--out', 'x.tsv', '--steps', 'magic'], /--steps magic: no such step/],
    [['--out', 'x.tsv', '--steps', 'plii'], /--steps plii: needs titles/],
    [['--out', 'x.tsv', '--split', 'train'], /--train train: holds the split that is linked/],
    [['--out', 'x.tsv', '--titles', 'px=none.csv'], /--titles px=none\.csv: no such file/],
    [['--out', 'x.tsv', '--top', '0'], /--top 0: expected a whole number from 1/],
    [['--out', 'x.tsv', '--split', 'test'], /no notes of the split test/],
    [['--out', 'x.tsv', '--split', 'background'], /no mentions in the split background; .*--detect/],
    [['--out', 'x.tsv', '--generator', './none'], /--generator \.\/none: no such folder/],
    [['--out', 'x.tsv', '--mentions', 'none.tsv'], /none\.tsv: no such file/],
  ])('refuses %j with one line and exit code 2', async (argv, message) => {
    const { code, stderr } = await link(...argv);
    expect(code).toBe(2);
    const complaints = stderr.split('\n').filter((line) => line.startsWith('medweave: '));
    expect(complaints).toEqual([expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(fs.existsSync('x.tsv')).toBe(false);
  });
});

const codiesp = path.join(packageRoot, '..', 'shared', 'data', 'codiesp-v4');

describe('CodiEsp', () => {
  it.skipIf(!fs.existsSync(codiesp))('train → dev is linked as docs/linking.md says', async () => {
    const store = at('codiesp');
    expect((await runInProcess(['ingest', '--source', 'codiesp', '--raw', codiesp, '--out', store])).code).toBe(0);
    const { code, stdout } = await runInProcess(['link', '--store', store, '--out', at('codiesp.tsv'), '--json']);
    expect(code).toBe(0);
    const { accuracy } = (JSON.parse(stdout) as { runs: { accuracy: Record<string, Record<string, { mentions: number; at: Record<string, number> }>> }[] }).runs[0]!;
    const percent = (kind: string, group: string) => Math.round(1e4 * accuracy[kind]![group]!.at['1']!) / 100;
    expect([percent('dx', 'all'), percent('dx', 'surface in training'), percent('dx', 'surface unseen')]).toEqual([71.23, 97.2, 33.38]);
    expect([percent('px', 'all'), percent('px', 'surface unseen')]).toEqual([59.27, 30.04]);
  });
});
