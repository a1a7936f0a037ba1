/** Structured logs (pino) on standard error; standard output belongs to results. Never log note text. */
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /** JSON lines instead of human-readable ones. */
  json?: boolean;
  level?: string;
}

export function createLogger({ json = false, level = 'info' }: LogOptions = {}): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  if (json) return pino({ level, base: null }, stderr);
  return pino({ level, base: null }, pretty({ destination: stderr, ignore: 'pid,hostname,time', singleLine: true, hideObject: false, colorize: process.stderr.isTTY, sync: true }));
}

export const silentLogger = (): Logger => pino({ level: 'silent' });
