/** The benchmarks as configurations: each parses and plans; whole chains on synthetic MIMIC with made lists, and on a made corpus. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchmarkResults } from '../../src/benchmarks/results.js';
import { planBenchmark } from '../../src/cli/benchmark/plan.js';
import { benchmarkNames, readBenchmark } from '../../src/cli/benchmark/read.js';
import { commands } from '../../src/cli/commands.js';
import { loadRunConfig } from '../../src/cli/run-config.js';
import { packageFile } from '../../src/core/paths.js';
import { dialectsOf } from '../../src/metrics/evaluate-task.js';
import { oncologyFiles, sizes } from '../records/oncology-corpus.js';
import { temporaryDir, writeFiles } from '../records/raw.js';
import { runInProcess } from '../support/in-process.js';

describe.each(benchmarkNames())('configs/benchmarks/%s.yaml', (name) => {
  const { benchmark } = readBenchmark(name);

  it('is a run configuration too, names the command that runs it, and only dialects of ICD coding', () => {
    const { ingest, finetune } = loadRunConfig({ config: `benchmarks/${name}`, set: [] });
    expect(ingest?.source).toMatch(/^(mimic3|mimic4|codiesp)$/);
    expect(finetune.inputs).toEqual(['text']);
    expect(fs.readFileSync(packageFile('configs', 'benchmarks', `${name}.yaml`), 'utf8')).toMatch(new RegExp(`^# .{30,}\n#   medweave benchmark run ${name} --raw `));
    for (const dialect of [...benchmark.dialects, ...benchmark.published.flatMap(({ figures }) => Object.keys(figures))]) expect(dialectsOf['icd-coding']).toContain(dialect);
  });

  it('plans commands that exist, with the split lists that it needs', () => {
    const { steps } = planBenchmark(readBenchmark(name), { raw: ['RAW'], out: 'OUT', splits: 'SPLITS', set: [], seed: 1 });
    expect(steps.every(({ argv }) => argv[0]! in commands)).toBe(true);
    expect(steps.filter(({ argv }) => argv.some((word) => word.startsWith('prepare.split.by=list'))).map(({ argv }) => argv[0])).toEqual(benchmark.splits ? ['prepare'] : []);
  });
});

describe('planning', () => {
  const plan = (name: string) => planBenchmark(readBenchmark(name), { raw: ['RAW'], out: 'OUT', set: [], seed: 1 });

  it('stops where the published lists are the benchmark, and says where they are', () => {
    expect(() => plan('mimic3-50')).toThrow(/mimic3-50: --splits must name the folder with train_50_hadm_ids\.csv, .*caml-mimic/);
  });

  it('divides by stratification where the paper says how, and says that it is not the published split', () => {
    const { steps, differs } = plan('mimic4-icd10');
    expect(steps.find(({ argv }) => argv[0] === 'prepare')!.argv).toContain('prepare.split.by=stratified');
    expect(differs).toHaveLength(1);
  });

  it('refuses a benchmark that does not exist', async () => {
    expect((await runInProcess(['benchmark', 'show', 'mimic5'])).stderr).toMatch(/mimic5: no such benchmark; use one of codiesp-d-en, /);
    expect((await runInProcess(['benchmark', 'run', 'mimic3-50'])).stderr).toMatch(/--raw .* and --out are needed/);
  });

  it('lists and shows', async () => {
    expect((await runInProcess(['benchmark', 'list'])).stdout.split('\n').filter(Boolean)).toHaveLength(benchmarkNames().length);
    const { stdout } = await runInProcess(['benchmark', 'show', 'mimic3-50']);
    expect(stdout).toMatch(/^medweave prepare --store OUT\/store .*--set prepare\.split\.lists\.train=SPLITS\/train_50_hadm_ids\.csv/m);
    expect(stdout).toMatch(/CAML: caml\.micro_f1 61\.4, caml\.macro_f1 53\.2 \(Mullenbach et al\. 2018\)/);
  });
});

const tiny = [
  'model.text={width: 16, layers: 1, heads: 2, feed_forward: 16, window: 64, max_tokens: 128}',
  'model.codes={width: 16, layers: 1, heads: 2, feed_forward: 16}',
  'model.reader={width: 16}',
  'prepare.tokenizer.vocabulary_size=400',
  'pretrain.training={batch_size: 16, epochs: 1}',
  'finetune.training={batch_size: 16, epochs: 2}',
].flatMap((setting) => ['--set', setting]);

let dir: string;
const at = (...parts: string[]): string => path.join(dir, ...parts);

async function run(name: string, ...argv: string[]): Promise<BenchmarkResults> {
  const { code, stderr } = await runInProcess(['benchmark', 'run', name, ...argv, '--out', at(name), '--device', 'cpu', '--quiet', ...tiny]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(fs.readFileSync(at(name, 'results.json'), 'utf8')) as BenchmarkResults;
}

type Row = Record<string, string>;
const stays = (file: string): Row[] => parse(gunzipSync(fs.readFileSync(file)), { columns: true }) as Row[];
const flowOf = (name: string) => JSON.parse(fs.readFileSync(at(name, 'data', 'flow.json'), 'utf8')) as { splits: Record<string, { visits: number }>; lists?: object };

/** A tenth of the patients each for dev and test. */
const splitOf = (patient: string): string => ({ 8: 'dev', 9: 'test' })[Number(patient) % 10] ?? 'train';

describe('on a synthetic MIMIC-III', () => {
  beforeAll(async () => {
    dir = temporaryDir();
    await runInProcess(['synth', '--format', 'mimic3', '--patients', '150', '--out', at('raw'), '--quiet']);
    const rows = stays(at('raw', 'ADMISSIONS.csv.gz'));
    fs.mkdirSync(at('splits'));
    for (const split of ['train', 'dev', 'test']) {
      fs.writeFileSync(at('splits', `${split}_50_hadm_ids.csv`), rows.filter((row) => splitOf(row['SUBJECT_ID']!) === split).map((row) => `${row['HADM_ID']}\n`).join(''));
    }
  });

  it('MIMIC-III-50 has the listed stays, the published codes among its labels, and a table of ours beside theirs', async () => {
    const { rows, labels, evaluated_on } = await run('mimic3-50', '--raw', at('raw'), '--splits', at('splits'));
    const all = stays(at('raw', 'ADMISSIONS.csv.gz'));
    const { splits } = flowOf('mimic3-50');
    expect(splits['test']!.visits).toBeLessThanOrEqual(all.filter((row) => splitOf(row['SUBJECT_ID']!) === 'test').length);
    expect(splits['test']!.visits).toBeGreaterThan(0);
    const only = loadRunConfig({ config: 'benchmarks/mimic3-50', set: [] }).prepare.codes.keep.only!;
    expect(only).toHaveLength(50);
    const { kinds } = JSON.parse(fs.readFileSync(at('mimic3-50', 'data', 'vocab.json'), 'utf8')) as { kinds: Record<string, { code: string }[]> };
    const vocabulary = [...kinds['dx']!, ...kinds['px']!].map(({ code }) => code);
    expect(vocabulary.every((code) => only.includes(code))).toBe(true);
    expect(kinds['px']!.length).toBeGreaterThan(0);
    expect([labels, evaluated_on]).toEqual([vocabulary.length, 'test']);
    expect(rows.map(({ model, source }) => [model, source])).toEqual(expect.arrayContaining([['model', 'ours'], ['CAML', 'Mullenbach et al. 2018']]));
    const micro = rows[0]!.figures['caml']!['micro_f1']!;
    expect(micro).toBeGreaterThanOrEqual(0);
    const markdown = fs.readFileSync(at('mimic3-50', 'results.md'), 'utf8');
    expect(markdown).toContain(`| model | ${micro.toFixed(1)} |`);
    expect(markdown).toMatch(/\| CAML \| 61\.4 \| 53\.2 \| Mullenbach et al\. 2018 \|/);
  }, 60_000);
});

describe('on a synthetic MIMIC-IV', () => {
  it('MIMIC-IV ICD-10 without lists is stratified, has ICD-10 codes of at least 10 stays only, and says what differs', async () => {
    dir = temporaryDir();
    await runInProcess(['synth', '--format', 'mimic4', '--patients', '250', '--out', at('raw'), '--quiet']);
    const { differs } = await run('mimic4-icd10', '--raw', at('raw'));
    expect(differs.join('\n')).toMatch(/iterative stratification/);
    const { kinds } = JSON.parse(fs.readFileSync(at('mimic4-icd10', 'data', 'vocab.json'), 'utf8')) as { kinds: Record<string, { system: string; code: string }[]> };
    expect(new Set([...kinds['dx']!, ...kinds['px']!].map(({ system }) => system))).toContain('icd10cm');
    expect([...kinds['dx']!, ...kinds['px']!].some(({ system }) => system.startsWith('icd9'))).toBe(false);
    const raw = stays(at('raw', 'hosp', 'diagnoses_icd.csv.gz')).filter((row) => row['icd_version'] === '10');
    const staysOf = (code: string): number => new Set(raw.filter((row) => row['icd_code']!.trim() === code.replace('.', '')).map((row) => row['hadm_id'])).size;
    expect(kinds['dx']!.every(({ code }) => staysOf(code) >= 10)).toBe(true);
  }, 60_000);
});

describe('on a corpus of CodiEsp\'s shape', () => {
  it('CodiEsp-X scores codes with their evidence', async () => {
    dir = temporaryDir();
    writeFiles(at('raw'), oncologyFiles());
    const { rows, visits } = await run('codiesp-x-es', '--raw', at('raw'), '--set', 'finetune.training={batch_size: 8, epochs: 12, patience: 0}', '--set', 'finetune.optimizer.learning_rate=0.01');
    expect(visits).toBe(sizes.dev);
    expect(Object.keys(rows[0]!.figures)).toEqual(['codiesp-official', 'codiesp-strict']);
    expect(rows.filter(({ source }) => source === 'ours')).toHaveLength(1);
    expect(fs.readFileSync(at('codiesp-x-es', 'evidence.tsv'), 'utf8')).toMatch(/^onco_dev\d+\t\d+ \d+\tDIAGNOSTICO\t8/m);
  }, 90_000);
});
