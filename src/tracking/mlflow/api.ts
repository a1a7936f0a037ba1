/** What of MLflow's REST API (2.0, https://mlflow.org/docs/latest/rest-api.html) is used, as functions. All throw MlflowFailure. */
import { z } from 'zod';
import { MlflowFailure, type MlflowClient, type RequestOptions } from './client.js';

/** `timestamp`: milliseconds since 1970. */
const metricSchema = z.object({ key: z.string(), value: z.union([z.number(), z.string()]).transform(Number), timestamp: z.coerce.number(), step: z.coerce.number().default(0) });
export type Metric = z.output<typeof metricSchema>;

const keyValueSchema = z.object({ key: z.string(), value: z.string() });
export type KeyValue = z.output<typeof keyValueSchema>;

const experimentSchema = z.object({ experiment_id: z.string(), artifact_location: z.string().optional(), lifecycle_stage: z.string().optional() });
export type Experiment = z.output<typeof experimentSchema>;

const runSchema = z.object({
  info: z.object({ run_id: z.string(), experiment_id: z.string(), artifact_uri: z.string(), lifecycle_stage: z.string().optional() }),
  data: z.object({ metrics: z.array(metricSchema).default([]), params: z.array(keyValueSchema).default([]) }).prefault({}),
});
export type Run = z.output<typeof runSchema>;

const modelVersionSchema = z.object({ name: z.string(), version: z.string(), run_id: z.string().optional() });
export type ModelVersion = z.output<typeof modelVersionSchema>;

export type MlflowStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

const API = '/api/2.0/mlflow';

const get = <Schema extends z.ZodType>(client: MlflowClient, path: string, query: Record<string, string>, answer: Schema) =>
  client.request({ method: 'GET', path: `${API}/${path}?${new URLSearchParams(query).toString()}`, answer });

interface Post<Schema extends z.ZodType> extends RequestOptions {
  json: unknown;
  answer: Schema;
}

const post = <Schema extends z.ZodType>(client: MlflowClient, path: string, options: Post<Schema>) => client.request({ method: 'POST', path: `${API}/${path}`, ...options });

/** Where the answer says nothing that is needed. */
const anything = z.unknown();

/** What the server refuses with one of its codes is undefined. */
async function unless<Answer>(code: string, answer: Promise<Answer>): Promise<Answer | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof MlflowFailure && error.code === code) return undefined;
    throw error;
  });
}

const ABSENT = 'RESOURCE_DOES_NOT_EXIST';
const PRESENT = 'RESOURCE_ALREADY_EXISTS';

export const experimentByName = async (client: MlflowClient, name: string): Promise<Experiment | undefined> =>
  (await unless(ABSENT, get(client, 'experiments/get-by-name', { experiment_name: name }, z.object({ experiment: experimentSchema }))))?.experiment;

/** So that MLflow's pages open on curves and models. */
const OF_MODELS: KeyValue = { key: 'mlflow.experimentKind', value: 'custom_model_development' };

/** @returns its identifier; undefined when another process has just made it */
export const createExperiment = async (client: MlflowClient, name: string): Promise<string | undefined> =>
  (await unless(PRESENT, post(client, 'experiments/create', { json: { name, tags: [OF_MODELS] }, answer: z.object({ experiment_id: z.string() }) })))?.experiment_id;

export interface NewRun {
  experiment_id: string;
  run_name: string;
  /** Milliseconds since 1970. */
  start_time: number;
  tags: KeyValue[];
}

const answeredRun = z.object({ run: runSchema });

export const createRun = async (client: MlflowClient, run: NewRun): Promise<Run> => (await post(client, 'runs/create', { json: run, answer: answeredRun })).run;

/** With the last value of each metric. */
export const getRun = async (client: MlflowClient, run_id: string): Promise<Run | undefined> => (await unless(ABSENT, get(client, 'runs/get', { run_id }, answeredRun)))?.run;

export const updateRun = (client: MlflowClient, update: { run_id: string; status: MlflowStatus; end_time?: number }, options: RequestOptions = {}) =>
  post(client, 'runs/update', { json: update, answer: anything, ...options });

export interface Batch {
  metrics?: readonly Metric[];
  params?: readonly KeyValue[];
  tags?: readonly KeyValue[];
}

export const logBatch = (client: MlflowClient, run_id: string, batch: Batch, options: RequestOptions = {}) => post(client, 'runs/log-batch', { json: { run_id, ...batch }, answer: anything, ...options });

export interface DatasetInput {
  tags: KeyValue[];
  /** `digest`: at most 36 characters. */
  dataset: { name: string; digest: string; source_type: string; source: string };
}

/** Does nothing where the server is too old to know data sets (before 2.4). */
export const logInputs = async (client: MlflowClient, run_id: string, datasets: readonly DatasetInput[]): Promise<void> => {
  await post(client, 'runs/log-inputs', { json: { run_id, datasets }, answer: anything }).catch((error: unknown) => {
    if (!(error instanceof MlflowFailure && error.status === 404)) throw error;
  });
};

/** Does nothing where there is one of that name. */
export const createRegisteredModel = (client: MlflowClient, name: string) => unless(PRESENT, post(client, 'registered-models/create', { json: { name }, answer: anything }));

export const versionsOfRun = async (client: MlflowClient, run_id: string): Promise<ModelVersion[]> =>
  (await get(client, 'model-versions/search', { filter: `run_id='${run_id}'` }, z.object({ model_versions: z.array(modelVersionSchema).default([]) }))).model_versions;

export interface NewModelVersion {
  name: string;
  /** Folder of the artifacts. */
  source: string;
  run_id: string;
  description: string;
  tags: KeyValue[];
}

export const createModelVersion = async (client: MlflowClient, version: NewModelVersion): Promise<ModelVersion> =>
  (await post(client, 'model-versions/create', { json: version, answer: z.object({ model_version: modelVersionSchema }) })).model_version;

export const setAlias = (client: MlflowClient, alias: { name: string; alias: string; version: string }) => post(client, 'registered-models/alias', { json: alias, answer: anything });
