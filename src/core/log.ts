/** Structured logs (pino) on standard error or in a file; standard output belongs to results. Never log note text. */
import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger };

export interface LogOptions {
  /** JSON lines instead of human-readable ones. */
  json?: boolean;
  level?: string;
}

export function createLogger({ json = false, level = 'info' }: LogOptions = {}): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  return json ? pino({ level, base: null }, stderr) : pino({ level, base: null }, forPeople(stderr, process.stderr.isTTY));
}

/** A logger that appends to a file, until it is closed. */
export function openFileLogger(file: string): { log: Logger; close(): void } {
  const destination = pino.destination({ dest: file, sync: true });
  return { log: pino({ level: 'info', base: null }, forPeople(destination, false)), close: () => destination.end() };
}

const forPeople = (destination: DestinationStream, colorize: boolean): DestinationStream =>
  pretty({ destination, ignore: 'pid,hostname,time', singleLine: true, hideObject: false, colorize, sync: true });

export const silentLogger = (): Logger => pino({ level: 'silent' });
