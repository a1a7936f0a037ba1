/** Runs as TensorBoard event files: one folder a run, one more file each time that a run is continued. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toYaml } from '../../core/config.js';
import { configurationError } from '../../core/errors.js';
import type { MetricPoint, TrackedRun, Tracker } from '../../training/tracker.js';
import { flatten } from '../parameters.js';
import { runName } from '../run-name.js';
import { openEventSchema, STATUS_FAILURE, STATUS_SUCCESS } from './event-schema.js';
import { hparamsEndEvent, hparamsStartEvent, scalarsEvent, startEvent, textEvent, versionEvent } from './events.js';
import { frameRecord } from './record.js';

/** @param folder what `tensorboard --logdir` is given; the run's events go to the sub-folder of the run directory's name */
export function createTensorBoardTracker(folder: string, every: number): Tracker {
  const schema = openEventSchema();
  let file = '';
  const write = (...events: object[]): void => fs.appendFileSync(file, Buffer.concat(events.map((event) => frameRecord(schema.encodeEvent(event)))));
  return {
    every,
    async start({ out, command, config, seed, resumed, startedAt = Date.now() }) {
      const seconds = startedAt / 1000;
      file = newEventFile(path.join(folder, runName(out)));
      write(versionEvent(seconds), startEvent(seconds, resumed ? resumed.step + 1 : 0));
      if (resumed) return;
      write(textEvent(seconds, 'configuration', configurationText({ command, config, seed })), hparamsStartEvent(schema, seconds, { group: runName(out), parameters: flatten({ command, seed, ...(config as object) }) }));
    },
    metrics: (point) => write(scalarsEvent(point)),
    async finish(status) {
      write(hparamsEndEvent(schema, Date.now() / 1000, status === 'finished' ? STATUS_SUCCESS : STATUS_FAILURE));
      return [];
    },
  };
}

/** One more point of a run that is over. */
export function appendScalars(folder: string, point: MetricPoint): void {
  const { encodeEvent } = openEventSchema();
  const events = [versionEvent(point.time / 1000), scalarsEvent(point)];
  fs.appendFileSync(newEventFile(folder), Buffer.concat(events.map((event) => frameRecord(encodeEvent(event)))));
}

/** Named as TensorFlow does, so that files sort by time. @throws configuration error where the folder cannot be written to */
function newEventFile(folder: string): string {
  try {
    fs.mkdirSync(folder, { recursive: true });
    const name = `events.out.tfevents.${String(Math.floor(Date.now() / 1000)).padStart(10, '0')}.${os.hostname()}.${process.pid}`;
    const taken = fs.readdirSync(folder).filter((other) => other.startsWith(name)).length;
    const file = path.join(folder, `${name}.${taken}`);
    fs.writeFileSync(file, '', { flag: 'wx' });
    return file;
  } catch (cause) {
    throw configurationError(`--tensorboard: cannot write event files to ${folder} (${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}); name another folder`, cause);
  }
}

/** Markdown shows lines that are indented by four as they are. */
const configurationText = ({ command, config, seed }: Pick<TrackedRun, 'command' | 'config' | 'seed'>): string => `medweave ${command}\n\n${toYaml({ seed, ...(config as object) }).replaceAll(/^/gm, '    ')}`;
