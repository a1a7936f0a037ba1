/** The training commands with trackers: the same weights as without, everything where it was asked for, nothing twice after a run is continued. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../src/cli/execute.js';
import { exitCodeOf } from '../../src/core/errors.js';
import { silentLogger } from '../../src/core/log.js';
import { readPoints } from '../../src/tracking/metrics-file.js';
import { readLink } from '../../src/tracking/mlflow/link.js';
import { hashOf, temporaryDirectory } from '../cli/command-line.js';
import { startMlflowServer, type MlflowServer, type StoredRun } from './mlflow/server.js';

let dir: string;
let server: MlflowServer;
const at = (...parts: string[]): string => path.join(dir, ...parts);

const medweave = async (argv: string[], signal = new AbortController().signal) => (await execute(argv, { signal, log: silentLogger() }))!.result;

const finetune = (out: string, ...more: string[]): string[] => [
  ...['finetune', 'icd-coding', '--data', at('data'), '--config', at('tiny.yaml'), '--device', 'cpu', '--out', at(out)],
  ...['--set', 'finetune.training.epochs=3', '--set', 'tracking.every=2', ...more],
];

beforeAll(async () => {
  dir = temporaryDirectory();
  await medweave(['synth', '--patients', '60', '--out', at('raw')]);
  await medweave(['ingest', '--source', 'mimic4', '--raw', at('raw'), '--out', at('store')]);
  await medweave(['prepare', '--store', at('store'), '--config', at('tiny.yaml'), '--out', at('data')]);
  await medweave(finetune('plain'));
}, 120_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => (server = await startMlflowServer()));
afterEach(() => server.close());

const weightsOf = (run: string): string => hashOf(at(run), 'model.safetensors');

const tracked = (run: string): StoredRun => server.runs.get(readLink(at(run))!.run_id)!;

/** Steps of the points of training, epochs of those of evaluations. */
const stepsAndEpochs = (run: string) => {
  const points = readPoints(at(run));
  return { steps: points.filter(({ values }) => 'step_loss' in values).map(({ step }) => step), epochs: points.flatMap(({ values: { epoch } }) => (epoch === undefined ? [] : [epoch])) };
};

/** Aborts like Ctrl-C once so many points are written. */
async function interruptedAfter(points: number, argv: string[], run: string): Promise<void> {
  const stop = new AbortController();
  const timer = setInterval(() => {
    if (readPoints(at(`${run}.partial`)).length >= points) stop.abort();
  }, 1);
  await expect(medweave(argv, stop.signal).finally(() => clearInterval(timer))).rejects.toThrow(/--resume/);
}

describe('fine-tuning', () => {
  it('without any tracker asked for keeps its metrics in the run directory', () => {
    const { steps, epochs } = stepsAndEpochs('plain');
    expect(steps).toEqual([1, ...Array.from({ length: Math.floor(steps.at(-1)! / 2) }, (_, i) => 2 * (i + 1))]);
    expect(epochs).toEqual([1, 2, 3]);
    const [first] = readPoints(at('plain'));
    expect(Object.keys(first!.values)).toEqual(['step_loss', 'gradient_norm', 'learning_rate']);
    expect(fs.existsSync(at('plain', 'mlflow.json'))).toBe(false);
  });

  it('tracked everywhere has the weights of a run that is tracked nowhere', async () => {
    await medweave(finetune('everywhere', '--mlflow', server.url, '--tensorboard', at('logs'), '--register', 'icd', '--alias', 'champion'));
    expect(weightsOf('everywhere')).toBe(weightsOf('plain'));
    const run = tracked('everywhere');
    expect(run).toMatchObject({ status: 'FINISHED', run_name: 'everywhere', datasets: ['data'], params: { task: 'icd-coding', 'finetune.training.epochs': '3', seed: '1' } });
    const { steps } = stepsAndEpochs('everywhere');
    expect(run.metrics.filter(({ key }) => key === 'step_loss').map(({ step }) => step)).toEqual(steps);
    expect(run.metrics.filter(({ key }) => key === 'dev_map')).toHaveLength(3);
    expect(server.aliases).toEqual({ 'icd@champion': '1' });
    expect(fs.readdirSync(at('logs', 'everywhere'))).toHaveLength(1);
    // Being tracked makes it no other run: asked for again, nothing is done and nothing sent.
    const calls = server.calls.length;
    expect((await medweave(finetune('everywhere', '--mlflow', server.url))).json).toMatchObject({ done: false });
    expect(server.calls).toHaveLength(calls);
    const evaluation = ['evaluate', '--run', at('everywhere'), '--data', at('data'), '--no-references', '--device', 'cpu', '--out', at('evaluation'), '--mlflow', server.url];
    await medweave(evaluation);
    const { best } = JSON.parse(fs.readFileSync(at('everywhere', 'manifest.json'), 'utf8')) as { best: { step: number } };
    expect(run.metrics.find(({ key }) => key === 'test_edin_micro_f1')).toMatchObject({ step: best.step });
    expect([...server.artifacts.keys()].some((name) => name.endsWith('/evaluation/test/evaluation.json'))).toBe(true);
  });

  it('interrupted is continued as the same run, with every point once', async () => {
    const argv = finetune('continued', '--mlflow', server.url, '--tensorboard', at('logs'));
    await interruptedAfter(4, argv, 'continued');
    expect([...server.runs.values()][0]).toMatchObject({ status: 'KILLED' });
    // A kill would have left points beyond the checkpoint, the last of them cut short.
    fs.appendFileSync(at('continued.partial', 'metrics.jsonl'), '{"step":5000,"time":"2026-11-21T00:00:00.000Z","metrics":{"step_loss":1}}\n{"step":5002,');
    await medweave([...argv, '--resume']);
    expect(weightsOf('continued')).toBe(weightsOf('plain'));
    expect(stepsAndEpochs('continued')).toEqual(stepsAndEpochs('plain'));
    expect(server.runs.size).toBe(1);
    expect(tracked('continued').status).toBe('FINISHED');
    const sent = tracked('continued').metrics.filter(({ key }) => key === 'step_loss').map(({ step }) => step);
    expect(sent).toEqual(stepsAndEpochs('plain').steps);
    expect(fs.readdirSync(at('logs', 'continued'))).toHaveLength(2);
  });

  it('that a server refuses does not begin, and leaves nothing behind', async () => {
    server.trouble = () => ({ status: 401 });
    const refused = await medweave(finetune('refused', '--mlflow', server.url)).then(() => undefined, (error: unknown) => error);
    expect(String(refused)).toMatch(/refuses the credentials/);
    expect(exitCodeOf(refused)).toBe(2);
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('refused'))).toEqual([]);
  });

  it('whose server goes away ends as without it; `medweave track` brings it there', async () => {
    server.trouble = (call) => (/log-batch/.test(call) && server.calls.filter((one) => /log-batch/.test(one)).length > 1 ? { status: 403 } : undefined);
    await medweave(finetune('left', '--mlflow', server.url));
    expect(weightsOf('left')).toBe(weightsOf('plain'));
    expect(tracked('left').status).toBe('RUNNING');
    server.trouble = () => undefined;
    expect(await medweave(['track', at('left'), '--mlflow', server.url])).toMatchObject({ failed: false });
    expect(tracked('left').status).toBe('FINISHED');
    expect(tracked('left').metrics.filter(({ key }) => key === 'step_loss').map(({ step }) => step)).toEqual(stepsAndEpochs('left').steps);
  });
});

describe('medweave track', () => {
  it('sends a run that was never tracked, or that is older than metrics.jsonl', async () => {
    fs.cpSync(at('plain'), at('old'), { recursive: true });
    fs.rmSync(at('old', 'metrics.jsonl'));
    await medweave(['track', at('old'), '--mlflow', server.url, '--tensorboard', at('logs')]);
    expect(tracked('old')).toMatchObject({ status: 'FINISHED', run_name: 'old' });
    expect(tracked('old').metrics.filter(({ key }) => key === 'dev_map')).toHaveLength(3);
    expect(fs.readdirSync(at('logs', 'old'))).toHaveLength(1);
  });

  it('says what it needs', async () => {
    await expect(medweave(['track', at('plain')])).rejects.toThrow(/where to\?/);
    await expect(medweave(['track', at('data'), '--mlflow', server.url])).rejects.toThrow(/expected a run of .* got the output of `medweave prepare`/);
    await expect(medweave(['track', at('nothing'), '--mlflow', server.url])).rejects.toThrow(/no run, neither finished nor begun/);
    await expect(medweave(['evaluate', '--run', at('plain'), '--data', at('data'), '--out', at('e'), '--mlflow', server.url])).rejects.toThrow(/medweave track/);
  });
});

describe('the baseline', () => {
  it('is a run with its figures', async () => {
    await medweave(['baseline', 'tfidf', '--data', at('data'), '--config', at('tiny.yaml'), '--threads', '1', '--out', at('baseline'), '--mlflow', server.url]);
    expect(tracked('baseline')).toMatchObject({ status: 'FINISHED', params: { text: 'tokens' } });
    expect(tracked('baseline').metrics.map(({ key }) => key)).toEqual(expect.arrayContaining(['dev_edin_micro_f1', 'test_edin_micro_f1']));
  });
});
