/** Progress of long work: one updating line with rate and time left on a terminal, a log line now and then elsewhere. */
import type { Logger } from './log.js';

export interface Progress {
  /** `done` items so far; `note` is appended to the line. */
  update(done: number, note?: string): void;
  finish(note?: string): void;
}

export interface ProgressOptions {
  label: string;
  total?: number;
  unit: string;
  log: Logger;
  stream?: NodeJS.WriteStream;
  /** Seconds between log lines where the stream is not a terminal. */
  interval?: number;
}

/** `42 s`, `3 min 12 s`, `2 h 5 min`. */
export const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '–';
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
};

export function createProgress({ label, total, unit, log, stream = process.stderr, interval = 10 }: ProgressOptions): Progress {
  const start = performance.now();
  let shownAt = start;
  let last = 0;
  const tty = Boolean(stream.isTTY) && log.level !== 'silent';
  const line = (done: number, note = ''): string => {
    const seconds = (performance.now() - start) / 1000;
    const rate = done / Math.max(seconds, 1e-9);
    const share = total ? ` ${done}/${total} (${Math.floor((100 * done) / total)} %)` : ` ${done}`;
    const left = total && done < total ? `, ${duration((total - done) / rate)} left` : '';
    return `${label}${share} ${unit}, ${rate >= 10 ? rate.toFixed(0) : rate.toFixed(2)} ${unit}/s${left}${note ? `, ${note}` : ''}`;
  };
  return {
    update(done, note) {
      last = done;
      const now = performance.now();
      if (now - shownAt < (tty ? 100 : interval * 1000)) return;
      shownAt = now;
      if (tty) stream.write(`\r\x1b[2K${line(done, note).slice(0, (stream.columns || 100) - 1)}`);
      else log.info(line(done, note));
    },
    finish(note) {
      if (tty) stream.write('\r\x1b[2K');
      log.info(`${line(last, note)} in ${duration((performance.now() - start) / 1000)}`);
    },
  };
}
