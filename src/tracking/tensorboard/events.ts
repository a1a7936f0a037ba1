/** The events that a run writes: which file it is, where it starts, its figures, its configuration. Times are seconds since 1970. */
import type { MetricPoint } from '../../training/tracker.js';
import type { Parameter } from '../parameters.js';
import { DT_FLOAT, DT_STRING, START, type EventSchema } from './event-schema.js';

/** First in each file. */
export const versionEvent = (seconds: number) => ({ wall_time: seconds, file_version: 'brain.Event:2' });

/** Readers drop what earlier files of the run have from this step on. */
export const startEvent = (seconds: number, step: number) => ({ wall_time: seconds, step, session_log: { status: START } });

export const scalarsEvent = ({ step, time, values }: MetricPoint) => ({
  wall_time: time / 1000,
  step,
  summary: { value: Object.entries(values).map(([name, value]) => ({ tag: groupedTag(name), simple_value: value })) },
});

/** TensorBoard puts curves together whose names begin alike, up to the slash. */
export const groupedTag = (name: string): string => (/^(train|dev|test)_/.test(name) ? name.replace('_', '/') : `step/${name.replace(/^step_/, '')}`);

/** @param text Markdown */
export const textEvent = (seconds: number, tag: string, text: string) => ({
  wall_time: seconds,
  summary: {
    value: [{
      tag,
      metadata: { plugin_data: { plugin_name: 'text' } },
      tensor: { dtype: DT_STRING, tensor_shape: { dim: [{ size: 1 }] }, string_val: [Buffer.from(text)] },
    }],
  },
});

/** What TensorBoard's HParams page compares runs by: settings, then how the run ended. */
export const hparamsStartEvent = (schema: EventSchema, seconds: number, { group, parameters }: { group: string; parameters: readonly Parameter[] }) => {
  const hparams = Object.fromEntries(parameters.map(([name, value]) => [name, valueOf(value)]));
  return hparamsEvent(seconds, '_hparams_/session_start_info', schema.encodeHParams({ session_start_info: { hparams, group_name: group, start_time_secs: seconds } }));
};

export const hparamsEndEvent = (schema: EventSchema, seconds: number, status: number) =>
  hparamsEvent(seconds, '_hparams_/session_end_info', schema.encodeHParams({ session_end_info: { status, end_time_secs: seconds } }));

const hparamsEvent = (seconds: number, tag: string, content: Uint8Array) => ({
  wall_time: seconds,
  // The page reads the metadata alone; without a tensor, of no elements, its loader would pass the summary over.
  summary: { value: [{ tag, metadata: { plugin_data: { plugin_name: 'hparams', content } }, tensor: { dtype: DT_FLOAT, tensor_shape: { dim: [{}] } } }] },
});

const valueOf = (value: Parameter[1]) => (typeof value === 'number' ? { number_value: value } : typeof value === 'boolean' ? { bool_value: value } : { string_value: value });
