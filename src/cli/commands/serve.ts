/** `medweave serve`: a fitted model behind HTTP, until Ctrl-C. */
import fs from 'node:fs';
import { openPredictor } from '../../../finetune/predictor/index.js';
import { configurationError } from '../../core/errors.js';
import { openDevice } from '../../engine/index.js';
import { expectGuarded, limitsSchema, serve, type Limits } from '../../serve/index.js';
import { pageFiles } from '../../serve/page/files.js';
import { defineCommand } from '../command.js';

interface ServeArgs extends Limits {
  run: string;
  host: string;
  port: number;
  apiKeyFile?: string;
  auth: boolean;
  allowedHost: string[];
  int8: boolean;
}

const DEFAULTS = limitsSchema.parse({});

export default defineCommand<ServeArgs>({
  usage: 'serve',
  describe: 'Answer requests with a fitted model over HTTP (MLflow\'s protocol, evidence, a web page), until Ctrl-C',
  builder: (yargs) =>
    yargs
      .option('run', { type: 'string', demandOption: true, describe: 'directory written by `medweave finetune`, `baseline` or `coder`' })
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen on; other than loopback only with an API key' })
      .option('port', { type: 'number', default: 8080, describe: '0: any free one' })
      .option('api-key-file', { type: 'string', describe: 'file that holds the API key; or the environment variable MEDWEAVE_API_KEY' })
      .option('auth', { type: 'boolean', default: true, describe: '--no-auth: serve others than this machine without an API key' })
      .option('allowed-host', { type: 'string', array: true, default: [], describe: 'further name that clients may call the server by' })
      .option('max-body', { ...size('bytes of a request'), default: DEFAULTS.maxBody })
      .option('max-text', { ...size('characters of a text'), default: DEFAULTS.maxText })
      .option('max-records', { ...size('records of a request'), default: DEFAULTS.maxRecords })
      .option('max-batch', { ...size('records that are predicted together'), default: DEFAULTS.maxBatch })
      .option('max-wait-ms', { type: 'number', default: DEFAULTS.maxWaitMs, describe: 'how long the model waits for clients that were just answered to fill its next batch; never longer than the last took' })
      .option('queue', { ...size('records that wait'), default: DEFAULTS.queue })
      .option('max-pending', { ...size('bytes of all requests that are read or wait'), default: DEFAULTS.maxPending })
      .option('timeout', { type: 'number', default: DEFAULTS.timeout, describe: 'seconds until a request is given up' })
      .option('int8', { type: 'boolean', default: false, describe: 'compute linear layers in 8-bit integers; `evaluate --int8` says what that costs' }) as never,
  async run({ run, host, port, auth, allowedHost, int8, apiKeyFile, ...args }, { log, device, signal, announce }) {
    const limits = limitsOf(args);
    const apiKey = readApiKey(apiKeyFile);
    expectGuarded({ host, apiKey, auth });
    const pages = pageFiles();
    const predictor = await openPredictor(run, { device: await openDevice(device, log), ...(int8 && { quantize: 'int8' }) });
    try {
      await serve({
        predictor, pages, limits, host, port, apiKey, allowedHosts: allowedHost, log, signal,
        onReady: (url) => announce({ text: `medweave serves ${run} at ${url}`, json: { url } }),
      });
    } finally {
      predictor.dispose();
    }
    return { text: '', json: { stopped: true } };
  },
});

const size = (describe: string) => ({ type: 'number', describe: `most ${describe}` }) as const;

/** @throws configuration error that names the option */
function limitsOf(args: Record<string, unknown>): Limits {
  const parsed = limitsSchema.safeParse(Object.fromEntries(Object.keys(limitsSchema.shape).map((name) => [name, args[name]])));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const option = String(path[0]);
  throw configurationError(`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${String(args[option])}: ${message}`);
}

/** What may stand in a header. */
const KEY = /^[\x21-\x7e]+$/;

/** @throws configuration error for a file that cannot be read, or holds no key */
function readApiKey(file: string | undefined): string | undefined {
  const key = file === undefined ? process.env.MEDWEAVE_API_KEY : readKeyFile(file);
  if (key === undefined || KEY.test(key)) return key;
  throw configurationError(`${file ?? 'MEDWEAVE_API_KEY'}: expected one line with the API key, of visible ASCII characters without spaces`);
}

function readKeyFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw configurationError(`--api-key-file ${file}: cannot be read (${(cause as NodeJS.ErrnoException).code}); name a file that holds the key`, cause);
  }
}
