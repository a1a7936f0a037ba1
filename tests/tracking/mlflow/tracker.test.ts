/** A run on a server by MLflow's contract: what arrives, in which order, and what happens when the server fails. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger, type Logger } from '../../../src/core/log.js';
import { trackingSchema } from '../../../src/tracking/config.js';
import { openTracker, type TrackingRequest } from '../../../src/tracking/open-tracker.js';
import { trackRun } from '../../../src/tracking/track-run.js';
import type { TrackedRun, Tracker } from '../../../src/training/tracker.js';
import { startMlflowServer, type MlflowServer, type StoredRun } from './server.js';

let server: MlflowServer;
let dir: string;
beforeEach(async () => {
  server = await startMlflowServer();
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-mlflow-'));
});
afterEach(async () => {
  await server.close();
  fs.rmSync(dir, { recursive: true });
});

const manifest = { command: 'finetune', version: '0.1.0', created_at: '2026-11-21T01:02:03.456Z', task: 'icd-coding', config: {}, inputs: {}, split_id: 'abc', licence_notice: 'made up' };

/** A run directory as training leaves it. */
function runDirectory(name: string, more: object = {}): string {
  const directory = path.join(dir, name);
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ ...manifest, ...more }));
  fs.writeFileSync(path.join(directory, 'config.yaml'), 'model: {}\n');
  fs.writeFileSync(path.join(directory, 'tokenizer.json'), '{"words":"of notes"}');
  fs.writeFileSync(path.join(directory, 'model.safetensors'), Buffer.alloc(200_000, 7));
  return directory;
}

interface Opened {
  request?: TrackingRequest;
  env?: NodeJS.ProcessEnv;
  log?: Logger;
  run?: Partial<TrackedRun>;
}

async function begin(directory: string, { request, env = {}, log = silentLogger(), run }: Opened = {}): Promise<Tracker> {
  const tracker = openTracker({ mlflow: server.url, ...request }, trackingSchema.parse({ every: 2 }), { signal: new AbortController().signal, log, env });
  await tracker.start({ command: 'finetune', directory, out: directory, config: { a: { b: 3, list: [1, 2] }, long: 'x'.repeat(7000) }, seed: 5, inputs: [directory], ...run });
  return tracker;
}

const steps = (tracker: Tracker, from: number, to: number): void => {
  for (let step = from; step <= to; step++) tracker.metrics({ step, time: 1_700_000_000_000 + 1000 * step, values: { step_loss: 1 / step, learning_rate: 0.5 } });
};

const onlyRun = (): StoredRun => {
  expect(server.runs.size).toBe(1);
  return [...server.runs.values()][0]!;
};

const curve = ({ metrics }: StoredRun, name: string): [number, number][] => metrics.filter(({ key }) => key === name).map(({ step, value }) => [step, value]);

const lossesUpTo = (last: number): [number, number][] => Array.from({ length: last }, (_, i) => [i + 1, 1 / (i + 1)]);

/** Until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; !isSo(); i++) {
    expect(i, 'it never came to be').toBeLessThan(500);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run', () => {
  it('has parameters, curves, files, a model, a registered version with an alias, and its status', async () => {
    const directory = runDirectory('coder');
    const tracker = await begin(directory, { request: { experiment: 'trial', register: 'icd', alias: 'champion' } });
    steps(tracker, 1, 3);
    tracker.metrics({ step: 3, time: 1_700_000_009_000, values: { epoch: 1, dev_map: 0.25 } });
    expect(await tracker.finish('finished', directory)).toEqual([]);
    const run = onlyRun();
    expect(run).toMatchObject({ run_name: 'coder', status: 'FINISHED', datasets: ['coder'], params: { seed: '5', 'a.b': '3', 'a.list': '[1,2]' }, tags: { 'mlflow.source.name': 'medweave finetune', 'medweave.licence': 'made up' } });
    expect(run.tags['mlflow.user']).toBeUndefined();
    expect(run.params['long']).toHaveLength(6000);
    expect(curve(run, 'step_loss')).toEqual(lossesUpTo(3));
    expect(curve(run, 'dev_map')).toEqual([[3, 0.25]]);
    expect(server.experiments.has('trial')).toBe(true);
    const root = `1/${run.run_id}/artifacts`;
    expect([...server.artifacts.keys()].sort()).toEqual(['config.yaml', 'manifest.json', 'metrics.jsonl', 'model/MLmodel', 'model/config.yaml', 'model/manifest.json', 'model/model.safetensors', 'model/tokenizer.json'].map((name) => `${root}/${name}`));
    expect(server.artifacts.get(`${root}/model/model.safetensors`)).toEqual(Buffer.alloc(200_000, 7));
    const model = parse(server.artifacts.get(`${root}/model/MLmodel`)!.toString()) as { flavors: object; signature: { inputs: string }; run_id: string };
    expect(model).toMatchObject({ run_id: run.run_id, flavors: { medweave: { task: 'icd-coding' } } });
    expect(JSON.parse(model.signature.inputs)).toContainEqual({ type: 'string', name: 'text', required: false });
    expect(server.versions).toEqual([{ name: 'icd', version: '1', source: `mlflow-artifacts:/${root}/model`, run_id: run.run_id }]);
    expect(server.aliases).toEqual({ 'icd@champion': '1' });
  });

  it('with more parameters and metrics than a request may hold', async () => {
    const directory = runDirectory('large');
    const config = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`p${i}`, i]));
    const tracker = await begin(directory, { run: { config } });
    steps(tracker, 1, 1700);
    expect(await tracker.finish('finished', directory)).toEqual([]);
    expect(Object.keys(onlyRun().params)).toHaveLength(257 + 2);
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(1700));
  });

  it('that fails or is stopped says so, and sends no model', async () => {
    for (const [status, shown] of [['failed', 'FAILED'], ['killed', 'KILLED']] as const) {
      const directory = path.join(dir, shown);
      fs.mkdirSync(directory);
      const tracker = await begin(directory);
      steps(tracker, 1, 2);
      await tracker.finish(status, directory);
      expect([...server.runs.values()].at(-1)).toMatchObject({ status: shown, run_name: shown });
    }
    expect(server.artifacts.size).toBe(0);
  });

  it('that is continued goes on where the server is, once for each step', async () => {
    const directory = path.join(dir, 'resumed.partial');
    fs.mkdirSync(directory);
    const first = await begin(directory);
    steps(first, 1, 9);
    await first.finish('killed', directory);
    const second = await begin(directory, { run: { resumed: { step: 6, epoch: 0 } } });
    steps(second, 7, 12);
    expect(onlyRun().status).toBe('RUNNING');
    await second.finish('killed', directory);
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(12));
    expect(fs.readFileSync(path.join(directory, 'metrics.jsonl'), 'utf8').split('\n')).toHaveLength(12 + 1);
  });

  it('sends credentials of the address or the environment, user name and password first', async () => {
    const cases: [string, NodeJS.ProcessEnv, string | undefined][] = [
      ['', {}, undefined],
      ['', { MLFLOW_TRACKING_TOKEN: 'secret' }, 'Bearer secret'],
      ['', { MLFLOW_TRACKING_TOKEN: 'secret', MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'pw' }, `Basic ${btoa('ada:pw')}`],
      ['eve:p%40ss@', { MLFLOW_TRACKING_TOKEN: 'secret' }, `Basic ${btoa('eve:p@ss')}`],
    ];
    for (const [i, [user, env, expected]] of cases.entries()) {
      server.authorizations.clear();
      const directory = path.join(dir, String(i));
      fs.mkdirSync(directory);
      await (await begin(directory, { request: { mlflow: server.url.replace('//', `//${user}`) }, env })).finish('killed', directory);
      expect([...server.authorizations]).toEqual([expected]);
      expect(fs.readFileSync(path.join(directory, 'mlflow.json'), 'utf8')).not.toMatch(/eve|ss@/);
    }
  });
});

describe('a server that fails', () => {
  it('in mid-run gets everything once it answers again', async () => {
    const directory = runDirectory('outage');
    const warnings: string[] = [];
    const log = pino({ level: 'info' }, { write: (line) => void warnings.push(line) });
    const tracker = await begin(directory, { log });
    steps(tracker, 1, 4);
    await until(() => curve(onlyRun(), 'step_loss').length === 4);
    let failures = 0;
    server.trouble = (call) => (call.endsWith('log-batch') && failures++ < 1 ? { status: 503 } : undefined);
    steps(tracker, 5, 8);
    await until(() => curve(onlyRun(), 'step_loss').length === 8);
    expect(warnings.filter((line) => line.includes('training goes on'))).toHaveLength(1);
    expect(warnings.some((line) => line.includes('answers again'))).toBe(true);
    expect(await tracker.finish('finished', directory)).toEqual([]);
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(8));
  }, 20_000);

  it('never holds training up: points are taken at once while it hangs', async () => {
    const directory = runDirectory('hanging');
    const tracker = await begin(directory);
    server.trouble = () => 'hang';
    const start = performance.now();
    steps(tracker, 1, 500);
    expect(performance.now() - start).toBeLessThan(1000);
    server.trouble = () => undefined;
    expect(await tracker.finish('finished', directory)).toEqual([]);
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(500));
  });

  it('until the end has the rest sent by `medweave track`', async () => {
    const directory = runDirectory('late');
    const tracker = await begin(directory, { request: { register: 'icd' } });
    steps(tracker, 1, 4);
    await until(() => curve(onlyRun(), 'step_loss').length === 4);
    steps(tracker, 5, 6);
    server.trouble = () => ({ status: 403, code: 'PERMISSION_DENIED' });
    const [problem] = await tracker.finish('finished', directory);
    expect(problem).toContain(`medweave track ${directory} --mlflow ${server.url}`);
    expect(onlyRun()).toMatchObject({ status: 'RUNNING' });
    server.trouble = () => undefined;
    const again = () => trackRun(directory, { mlflow: server.url, register: 'icd' }, trackingSchema.parse({}), { signal: new AbortController().signal, log: silentLogger(), env: {} });
    expect(await again()).toMatchObject({ trackers: 1, points: 6, problems: [] });
    expect(onlyRun()).toMatchObject({ status: 'FINISHED' });
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(6));
    await again();
    expect(curve(onlyRun(), 'step_loss')).toEqual(lossesUpTo(6));
    expect(server.versions).toHaveLength(1);
  });

  it('while files are sent is tried again', async () => {
    const directory = runDirectory('files');
    const tracker = await begin(directory);
    let uploads = 0;
    server.trouble = (call) => (call.startsWith('PUT') && ++uploads === 2 ? 'hang up' : undefined);
    expect(await tracker.finish('finished', directory)).toEqual([]);
    expect(server.artifacts.size).toBe(2 + 5);
  });
});

describe('what is wrong from the start is said before training', () => {
  const directory = (): string => {
    const made = path.join(dir, 'wrong');
    fs.mkdirSync(made);
    return made;
  };

  it.each([
    [{ status: 401 } as const, /refuses the credentials \(401: .*MLFLOW_TRACKING_TOKEN/],
    [{ status: 403, code: 'PERMISSION_DENIED' } as const, /refuses the credentials \(403 PERMISSION_DENIED/],
    [{ status: 404 } as const, /is that an MLflow server\?/],
    ['hang up' as const, /no answer \(.*is the server running/],
  ])('%j', async (trouble, message) => {
    server.trouble = () => trouble;
    await expect(begin(directory())).rejects.toThrow(message);
  });

  it('a server that is not there, an address that is none, a deleted experiment', async () => {
    const { url } = server;
    server.experiments.set('gone', { id: '9', lifecycle_stage: 'deleted' });
    const at = directory();
    await expect(begin(at, { request: { experiment: 'gone' } })).rejects.toThrow(/experiment gone: was deleted/);
    await expect(begin(at, { request: { mlflow: 'sqlite:///mlflow.db' } })).rejects.toThrow(/--mlflow: expected the address .* got sqlite/);
    await server.close();
    await expect(begin(at, { request: { mlflow: url } })).rejects.toThrow(/no answer \(ECONNREFUSED\)/);
    await expect(begin(at, { request: { mlflow: false, register: 'icd' } })).rejects.toThrow(/no server to register/);
    await expect(begin(at, { request: { alias: 'champion' } })).rejects.toThrow(/of which model/);
  });
});

describe('where the server is', () => {
  it('flags go before the configuration, the configuration before the environment; --no-mlflow is none', async () => {
    const directory = runDirectory('where');
    const open = async (request: TrackingRequest, config: object, env: NodeJS.ProcessEnv): Promise<number> => {
      const before = server.runs.size;
      const tracker = openTracker(request, trackingSchema.parse(config), { signal: new AbortController().signal, log: silentLogger(), env });
      await tracker.start({ command: 'finetune', directory, out: directory, config: {}, inputs: [directory] });
      fs.rmSync(path.join(directory, 'mlflow.json'), { force: true });
      return server.runs.size - before;
    };
    const nowhere = 'http://127.0.0.1:1';
    const { url } = server;
    expect(await open({ mlflow: url }, { mlflow: { url: nowhere } }, { MLFLOW_TRACKING_URI: nowhere })).toBe(1);
    expect(await open({}, { mlflow: { url } }, { MLFLOW_TRACKING_URI: nowhere })).toBe(1);
    expect(await open({}, {}, { MLFLOW_TRACKING_URI: url, MLFLOW_EXPERIMENT_NAME: 'of the environment' })).toBe(1);
    expect([...server.experiments.keys()]).toEqual(['medweave', 'of the environment']);
    expect(await open({ mlflow: false }, { mlflow: { url } }, { MLFLOW_TRACKING_URI: url })).toBe(0);
    expect(await open({}, {}, {})).toBe(0);
    expect(await open({}, {}, { MLFLOW_TRACKING_URI: 'file:./mlruns' })).toBe(0);
  });
});
