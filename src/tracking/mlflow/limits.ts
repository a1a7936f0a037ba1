/** Keeping to the limits of MLflow's REST API: how much a request may hold, how long values may be, which names are allowed. */
import type { MetricPoint } from '../../training/tracker.js';
import type { Parameter } from '../parameters.js';
import type { KeyValue, Metric } from './api.js';

export const METRICS_A_BATCH = 1000;
export const PARAMETERS_A_BATCH = 100;
const KEY_LENGTH = 250;
const PARAMETER_LENGTH = 6000;
const TAG_LENGTH = 5000;

/** Letters, digits, `_-. :` and, between parts that are neither empty nor dots, slashes: MLflow takes no name that reads as a way out of a folder. */
function keyOf(name: string): string {
  const parts = name.slice(0, KEY_LENGTH).replaceAll(/[^\w\-. :/]/g, '_').split('/').filter((part) => part !== '');
  return parts.map((part) => part.replace(/^\.+$|^\.\./, '_')).join('/') || '_';
}

const shortened = (value: string, length: number): string => (value.length <= length ? value : `${value.slice(0, length - 1)}…`);

/** MLflow takes no empty value. */
export const parametersOf = (parameters: readonly Parameter[]): KeyValue[] => parameters.map(([name, value]) => ({ key: keyOf(name), value: shortened(String(value), PARAMETER_LENGTH) || '""' }));

export const tagsOf = (tags: Record<string, string | undefined>): KeyValue[] =>
  Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [{ key: key.slice(0, KEY_LENGTH), value: shortened(value, TAG_LENGTH) }]));

export const metricsOf = ({ step, time, values }: MetricPoint): Metric[] => Object.entries(values).map(([name, value]) => ({ key: keyOf(name), value, timestamp: time, step }));
