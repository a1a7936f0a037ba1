/**
 * A server that answers as MLflow's REST API does (compared by hand with `mlflow server` 3.17), keeps what it is told, refuses what MLflow refuses, and
 * can be told to fail.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface Metric {
  key: string;
  value: number;
  step: number;
  timestamp: number;
}

export interface StoredRun {
  run_id: string;
  experiment_id: string;
  run_name: string;
  status: string;
  start_time: number;
  end_time?: number;
  tags: Record<string, string>;
  params: Record<string, string>;
  metrics: Metric[];
  datasets: string[];
}

/** What a request meets instead of an answer. */
export type Trouble = { status: number; code?: string } | 'hang' | 'hang up';

export interface MlflowServer {
  url: string;
  runs: Map<string, StoredRun>;
  /** Path below the artifact root → content. */
  artifacts: Map<string, Buffer>;
  versions: { name: string; version: string; source: string; run_id: string }[];
  aliases: Record<string, string>;
  experiments: Map<string, { id: string; lifecycle_stage: string }>;
  /** `METHOD path` of each request, in order. */
  calls: string[];
  authorizations: Set<string | undefined>;
  /** Asked before each request. */
  trouble: (call: string) => Trouble | undefined;
  /** `mlflow-artifacts:` unless a test says otherwise. */
  artifactRoot: string;
  close(): Promise<void>;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const invalid = (message: string): never => {
  throw new Refused(400, 'INVALID_PARAMETER_VALUE', message);
};

const absent = (message: string): never => {
  throw new Refused(404, 'RESOURCE_DOES_NOT_EXIST', message);
};

type Body = Record<string, never>;

const text = (body: Body, name: string): string => (typeof body[name] === 'string' && body[name] !== '' ? body[name] : invalid(`Missing value for required parameter '${name}'`));

const NAME = /^[/\w.\- :]*$/;

function checkedKey(key: unknown): string {
  if (typeof key !== 'string' || !NAME.test(key) || key.length > 250 || /(^|\/)\.\.?(\/|$)|\/\/|^\/|\/$/.test(key)) return invalid(`Invalid name ${String(key)}`);
  return key;
}

/** @param port 0: any free one */
export async function startMlflowServer(port = 0): Promise<MlflowServer> {
  const state: MlflowServer = {
    url: '', runs: new Map(), artifacts: new Map(), versions: [], aliases: {}, experiments: new Map(), calls: [], authorizations: new Set(), trouble: () => undefined, artifactRoot: 'mlflow-artifacts:',
    close: async () => {},
  };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url!, 'http://server');
      const call = `${request.method!} ${url.pathname.replace('/api/2.0/', '')}`;
      state.calls.push(call);
      state.authorizations.add(request.headers.authorization);
      const trouble = state.trouble(call);
      if (trouble === 'hang') return;
      if (trouble === 'hang up') return void request.socket.destroy();
      const reply = (status: number, json: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      if (trouble) return reply(trouble.status, { error_code: trouble.code, message: 'as the test wants it' });
      try {
        reply(200, answer(state, call, url.searchParams, Buffer.concat(chunks)));
      } catch (error) {
        if (error instanceof Refused) reply(error.status, { error_code: error.code, message: error.message });
        else reply(500, { message: String(error) });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return state;
}

function answer(state: MlflowServer, call: string, query: URLSearchParams, data: Buffer): unknown {
  const artifact = /^PUT mlflow-artifacts\/artifacts\/(.+)$/.exec(call)?.[1];
  if (artifact !== undefined) {
    state.artifacts.set(decodeURIComponent(artifact), data);
    return {};
  }
  const handler = handlers[call];
  if (!handler) return absent(`no endpoint ${call}`);
  return handler(state, (data.length ? JSON.parse(data.toString()) : {}) as Body, query);
}

const runNamed = ({ runs }: MlflowServer, id: string): StoredRun => runs.get(id) ?? absent(`Run '${id}' not found`);

const shown = (state: MlflowServer, run: StoredRun) => {
  const latest = new Map(run.metrics.toSorted((a, b) => a.step - b.step).map((metric) => [metric.key, metric]));
  const { run_id, experiment_id, status } = run;
  const pairs = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));
  return { run: { info: { run_id, experiment_id, status, lifecycle_stage: 'active', artifact_uri: `${state.artifactRoot}/${experiment_id}/${run_id}/artifacts` }, data: { metrics: [...latest.values()], params: pairs(run.params) } } };
};

const handlers: Record<string, (state: MlflowServer, body: Body, query: URLSearchParams) => unknown> = {
  'GET mlflow/experiments/get-by-name': ({ experiments }, _, query) => {
    const name = query.get('experiment_name') ?? invalid('experiment_name');
    const found = experiments.get(name) ?? absent(`Could not find experiment with name '${name}'`);
    return { experiment: { experiment_id: found.id, name, artifact_location: `mlflow-artifacts:/${found.id}`, lifecycle_stage: found.lifecycle_stage } };
  },
  'POST mlflow/experiments/create': ({ experiments }, body) => {
    const name = text(body, 'name');
    if (experiments.has(name)) throw new Refused(400, 'RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`);
    const id = String(experiments.size + 1);
    experiments.set(name, { id, lifecycle_stage: 'active' });
    return { experiment_id: id };
  },
  'POST mlflow/runs/create': (state, body) => {
    const { start_time, tags = [] } = body as unknown as { start_time: number; tags?: { key: string; value: string }[] };
    if (!Number.isInteger(start_time)) invalid('start_time');
    const experiment_id = text(body, 'experiment_id');
    if (![...state.experiments.values()].some(({ id }) => id === experiment_id)) absent(`No Experiment with id=${experiment_id} exists`);
    const run_id = String(state.runs.size + 1).padStart(32, '0');
    state.runs.set(run_id, { run_id, experiment_id, run_name: text(body, 'run_name'), status: 'RUNNING', start_time, tags: Object.fromEntries(tags.map(({ key, value }) => [checkedKey(key), value])), params: {}, metrics: [], datasets: [] });
    return shown(state, state.runs.get(run_id)!);
  },
  'GET mlflow/runs/get': (state, _, query) => shown(state, runNamed(state, query.get('run_id') ?? invalid('run_id'))),
  'POST mlflow/runs/update': (state, body) => {
    const run = runNamed(state, text(body, 'run_id'));
    const { status, end_time } = body as unknown as StoredRun;
    if (!['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'].includes(status)) invalid('status');
    Object.assign(run, { status, ...(end_time === undefined ? {} : { end_time }) });
    return {};
  },
  'POST mlflow/runs/log-batch': (state, body) => {
    const run = runNamed(state, text(body, 'run_id'));
    const { metrics = [], params = [], tags = [] } = body as unknown as { metrics?: Metric[]; params?: { key: string; value: string }[]; tags?: { key: string; value: string }[] };
    if (metrics.length > 1000 || params.length > 100 || tags.length > 100) invalid('A batch logging request can contain at most 1000 metrics, 100 params, 100 tags');
    for (const { key, value, timestamp, step } of metrics) {
      if (typeof value !== 'number' || !Number.isInteger(timestamp) || !Number.isInteger(step)) invalid(`metric ${key}`);
      // As MLflow: the very same value again changes nothing.
      if (!run.metrics.some((old) => old.key === key && old.step === step && old.timestamp === timestamp && old.value === value)) run.metrics.push({ key: checkedKey(key), value, timestamp, step });
    }
    for (const { key, value } of params) {
      if (typeof value !== 'string' || value === '' || value.length > 6000) invalid(`param ${key}`);
      if (run.params[key] !== undefined && run.params[key] !== value) invalid(`Changing param values is not allowed: ${key}`);
      run.params[checkedKey(key)] = value;
    }
    for (const { key, value } of tags) run.tags[checkedKey(key)] = value;
    return {};
  },
  'POST mlflow/registered-models/create': ({ versions }, body) => {
    const name = text(body, 'name');
    if (versions.some((version) => version.name === name)) throw new Refused(400, 'RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`);
    return { registered_model: { name } };
  },
  'POST mlflow/runs/log-inputs': (state, body) => {
    const { datasets } = body as unknown as { datasets: { dataset: Record<string, string> }[] };
    for (const { dataset } of datasets) if (!dataset['name'] || !dataset['digest'] || dataset['digest'].length > 36 || !dataset['source_type'] || !dataset['source']) invalid('dataset');
    runNamed(state, text(body, 'run_id')).datasets = datasets.map(({ dataset }) => dataset['name']!);
    return {};
  },
  'GET mlflow/model-versions/search': ({ versions }, _, query) => {
    const id = /^run_id='(\w+)'$/.exec(query.get('filter') ?? '')?.[1] ?? invalid('filter');
    const found = versions.filter(({ run_id }) => run_id === id);
    return found.length ? { model_versions: found } : {};
  },
  'POST mlflow/model-versions/create': (state, body) => {
    const [name, source, run_id] = [text(body, 'name'), text(body, 'source'), text(body, 'run_id')];
    if (!source.startsWith(shown(state, runNamed(state, run_id)).run.info.artifact_uri)) invalid('source is outside the run');
    const version = String(state.versions.filter((one) => one.name === name).length + 1);
    state.versions.push({ name, version, source, run_id });
    return { model_version: { name, version, run_id } };
  },
  'POST mlflow/registered-models/alias': ({ aliases }, body) => {
    aliases[`${text(body, 'name')}@${text(body, 'alias')}`] = text(body, 'version');
    return {};
  },
};
