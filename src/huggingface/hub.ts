/** Where models of the hub are on this machine and on the net, by the conventions of the transformers package and of Python's huggingface_hub. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forbidTelemetry } from '../core/telemetry.js';

/** A model's name with the branch, tag or commit of it. */
export interface HubModel {
  /** `organisation/model`, or `model` alone for the hub's oldest. */
  name: string;
  revision: string;
}

export interface Hub {
  /** Ends in a slash. */
  host: string;
  /** Part of an address between host and file, with `{model}` and `{revision}`. */
  pathTemplate: string;
  /** The transformers package's cache. */
  cacheDir: string;
  /** No request may be sent. */
  offline: boolean;
  token?: string;
  fetch: typeof fetch;
}

type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? '');

/**
 * The transformers package's settings, and the environment variables that Python's library knows: HF_ENDPOINT, HF_HUB_OFFLINE,
 * TRANSFORMERS_OFFLINE, HF_TOKEN. The package is loaded here and not before: it takes a third of a second.
 */
export async function openHub(environment: Environment = process.env): Promise<Hub> {
  // The package brings ONNX Runtime with it.
  forbidTelemetry();
  const { env } = await import('@xenova/transformers');
  return {
    host: `${(environment['HF_ENDPOINT'] || env.remoteHost).replace(/\/+$/, '')}/`,
    pathTemplate: env.remotePathTemplate,
    cacheDir: env.cacheDir ?? path.join(os.homedir(), '.cache', 'transformers.js'),
    offline: !env.allowRemoteModels || isSet(environment['HF_HUB_OFFLINE']) || isSet(environment['TRANSFORMERS_OFFLINE']),
    token: environment['HF_TOKEN'] || environment['HF_ACCESS_TOKEN'] || undefined,
    fetch: env.fetch as typeof fetch,
  };
}

export const addressOf = ({ host, pathTemplate }: Hub, { name, revision }: HubModel, file: string): string =>
  host + pathTemplate.replaceAll('{model}', name).replaceAll('{revision}', encodeURIComponent(revision)) + file;

/** The package keeps the main branch in the model's own folder and other revisions in folders within. */
export const packageFolder = ({ cacheDir }: Hub, { name, revision }: HubModel): string => path.join(cacheDir, name, ...(revision === 'main' ? [] : [revision]));

/** The folder of Python's cache that holds a revision, whether complete or not; undefined when there is none. Never written to. */
export function pythonFolder({ name, revision }: HubModel, environment: Environment = process.env): string | undefined {
  const repository = path.join(pythonCache(environment), `models--${name.replaceAll('/', '--')}`);
  const reference = path.join(repository, 'refs', revision);
  const commit = fs.existsSync(reference) ? fs.readFileSync(reference, 'utf8').trim() : revision;
  const snapshot = path.join(repository, 'snapshots', commit);
  return fs.existsSync(snapshot) ? snapshot : undefined;
}

/** @see https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables */
function pythonCache(environment: Environment): string {
  const home = environment['HF_HOME'] || path.join(environment['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'), 'huggingface');
  const cache = environment['HF_HUB_CACHE'] || environment['HUGGINGFACE_HUB_CACHE'] || path.join(home, 'hub');
  return cache.replace(/^~(?=$|[/\\])/, os.homedir());
}
