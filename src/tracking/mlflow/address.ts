/** Which MLflow server, and by which credentials: from flags, configuration and the variables that MLflow's own clients read. */
import { configurationError } from '../../core/errors.js';
import { isLoopback } from '../../core/loopback.js';

export interface ServerAddress {
  /** Without a slash at its end and without credentials. */
  url: string;
  /** `Authorization` header. */
  authorization?: string;
  /** The server is on this machine. */
  isLoopback: boolean;
  /** Credentials would be readable on the way. */
  isOpenWay: boolean;
}

/**
 * @param where shown in errors, e.g. `--mlflow`
 * @throws configuration error for anything but http(s)://…
 */
export function serverAddress(text: string, where: string, env: NodeJS.ProcessEnv): ServerAddress {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw configurationError(`${where}: expected the address of an MLflow server, http://… or https://…, got ${withoutCredentials(text)}; \`mlflow server\` starts one`);
  }
  const authorization = credentials(parsed, env);
  const local = isLoopback(parsed.hostname);
  return { url: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`, authorization, isLoopback: local, isOpenWay: authorization !== undefined && !local && parsed.protocol === 'http:' };
}

/** In MLflow's order: user name and password before a token. */
function credentials({ username, password }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const [user, secret] = username ? [decodeURIComponent(username), decodeURIComponent(password)] : [env.MLFLOW_TRACKING_USERNAME, env.MLFLOW_TRACKING_PASSWORD];
  if (user && secret !== undefined) return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  return env.MLFLOW_TRACKING_TOKEN ? `Bearer ${env.MLFLOW_TRACKING_TOKEN}` : undefined;
}

const withoutCredentials = (text: string): string => text.replace(/\/\/[^/@]*@/, '//');
