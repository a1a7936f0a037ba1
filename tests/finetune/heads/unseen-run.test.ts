/** Codes never seen in training through the whole way: extra in the vocabulary, pre-trained beside, fine-tuned around, and predicted. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../../src/core/safetensors.js';
import { prepareStore, temporaryDirectory, type FixtureVisit } from '../../dataset/store-fixture.js';
import { runInProcess } from '../../support/in-process.js';

const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));
const at = (...names: string[]): string => path.join(root, ...names);

/** A disease and what notes call it. Q21.3 is in dev and test only. */
const diseases = [['icd10cm I10', 'high blood pressure'], ['icd10cm E11.9', 'diabetes mellitus'], ['icd10cm Q21.0', 'ventricular septal defect'], ['icd10cm Q21.3', 'tetralogy of fallot']] as const;

const visits: FixtureVisit[] = Array.from({ length: 36 }, (_, i) => {
  const split = i < 24 ? 'train' : i < 30 ? 'dev' : 'test';
  const chosen = diseases.filter((_, d) => (d < 3 ? (i + d) % 3 === 0 || i % 5 === d : split !== 'train' && i % 2 === 0));
  return { visit: `v${i}`, patient: `p${i}`, split, text: `Seen for ${chosen.map(([, words]) => words).join(' and ')}.`, dx: chosen.map(([code]) => code), rx: i % 2 ? ['atc C09A'] : ['atc A10B'] };
});

const CONFIG = `
model:
  text: { width: 8, layers: 1, heads: 2, feed_forward: 8, max_tokens: 16, window: 16 }
  codes: { width: 8, layers: 1, heads: 2, feed_forward: 8, ontology_heads: 2 }
  reader: { width: 8 }
pretrain: { training: { batch_size: 8, epochs: 1 } }
finetune:
  inputs: [text]
  labels: { extra: true }
  head: { label_embeddings: codes+titles }
  training: { batch_size: 8, epochs: 1 }
cache: { enabled: false }
`;

const run = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runInProcess([...args, '--device', 'cpu']);
  expect(code, stderr).toBe(0);
  return stdout;
};

beforeAll(async () => {
  fs.writeFileSync(at('config.yaml'), CONFIG);
  fs.writeFileSync(at('codes.tsv'), 'Q21.3\tTetralogy of Fallot\nQ21.9\tCongenital malformation of septum\n');
  await prepareStore(at('made'), visits, { split: { by: 'source' }, tokenizer: { min_frequency: 1 }, codes: { extra: [{ kind: 'dx', system: 'icd10cm', file: at('codes.tsv') }] } });
  const shared = ['--data', at('made', 'data'), '--config', at('config.yaml')];
  await run('pretrain', ...shared, '--out', at('pt'));
  await run('finetune', 'icd-coding', ...shared, '--from', at('pt'), '--set', 'finetune.freeze=0', '--out', at('ft'));
  await run('finetune', 'icd-coding', ...shared, '--set', 'finetune.head.kind=plm-ca', '--out', at('ca'));
}, 180_000);

describe.each(['ft', 'ca'])('run %s', (name) => {
  it('has them as labels that no training visit carries', () => {
    const { labels } = JSON.parse(fs.readFileSync(at(name, 'task.json'), 'utf8')) as { labels: { code: string; count: number }[] };
    expect(labels.map(({ code, count }) => [code, count > 0])).toEqual([...labels.slice(0, 3).map(({ code }) => [code, true]), ['Q21.3', false], ['Q21.9', false]]);
  });

  it('gives them scores of their own, in evaluation and prediction', async () => {
    await run('predict', '--run', at(name), '--data', at('made', 'data'), '--split', 'test', '--out', at(`${name}.csv`));
    const lines = fs.readFileSync(at(`${name}.csv`), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
    const scores = (code: string) => lines.filter((line) => line[2] === code).map((line) => Number(line[3]));
    expect(scores('Q21.3')).toHaveLength(6);
    // Q21.3 and Q21.9 have the same ancestors: their titles tell them from each other.
    expect(scores('Q21.3')).not.toEqual(scores('Q21.9'));
    await run('evaluate', '--run', at(name), '--data', at('made', 'data'), '--split', 'dev', '--out', at(`${name}-dev`));
    const report = JSON.parse(fs.readFileSync(at(`${name}-dev`, 'evaluation.json'), 'utf8')) as { labels: number; rows: { figures: Record<string, Record<string, number>> }[] };
    expect(report.labels).toBe(5);
    expect(report.rows[0]!.figures['edin']!['map']).toBeGreaterThan(0);
  });
});

it('leaves them out of the pre-training losses, of dev visits that carry them too', () => {
  const last = fs.readFileSync(at('pt', 'history.jsonl'), 'utf8').trim().split('\n').at(-1)!;
  expect((JSON.parse(last) as { metrics: Record<string, number> }).metrics['dev_loss']).toBeLessThan(20);
});

it('does not move what they have of their own, in pre-training and fine-tuning', () => {
  const rowOf = (dir: string, name: string, row: number): number[] => {
    const { shape, data } = readSafetensors(at(dir, 'model.safetensors'))[name]!;
    return [...data.subarray(row * shape[1]!, (row + 1) * shape[1]!)];
  };
  expect(rowOf('ca', 'head.read.query.own', 3).every((value) => value === 0)).toBe(true);
  expect(rowOf('ca', 'head.read.query.own', 2).some((value) => value !== 0)).toBe(true);
  // Rows of the node table have no weight decay, so that an unmoved one is the same to the last bit.
  expect(rowOf('ft', 'codes.embeddings.dx.ontology.nodes', 3)).toEqual(rowOf('pt', 'codes.embeddings.dx.ontology.nodes', 3));
  expect(rowOf('ft', 'codes.embeddings.dx.ontology.nodes', 0)).not.toEqual(rowOf('pt', 'codes.embeddings.dx.ontology.nodes', 0));
});
