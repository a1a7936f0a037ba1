/** The results of `medweave bench` as text. */
import type { Speed } from '../../bench/against-products.js';
import type { BaselineBench } from '../../bench/baseline.js';
import type { Difference } from '../../bench/difference.js';
import type { EncodeBench } from '../../bench/encode.js';
import type { EpochBench, EpochSpeed } from '../../bench/epoch.js';
import type { LoadSpeed, ServeBench } from '../../bench/serve.js';
import type { ScalingBench } from '../../bench/scaling.js';
import type { StepBench } from '../../bench/step.js';
import { count } from '../../report/format.js';
import { alignColumns } from '../run-options.js';

const stepTitles: Record<string, string> = {
  layers: 'BERT layers with a linear head',
  'bert-base': 'BERT from words to a linear head',
  suffix: 'MedM-PLM over frozen text layers: last text layers, code encoder, cross-attention, text-to-code and code-to-code',
  codes: 'the code encoder with graph attention, code-to-code',
};

export function stepTable(result: StepBench): string {
  const rows = [
    speedRow('training step', result),
    ...(result.without_dropout ? [speedRow('without dropout', result.without_dropout)] : []),
  ];
  return lines(`training step, ${stepTitles[result.model]}`, shapeLine(result.shape), speedTable(rows, result), memoryLine(result.peak_memory_mib), noiseLine(result), machineLine(result));
}

export function encodeTable(result: EncodeBench): string {
  const { int8 } = result;
  const rows = [speedRow('float32', result), ...(int8 ? [speedRow('int8', int8)] : [])];
  const tokens = `${count(Math.round(result.tokens_per_second))} tokens a second`;
  return lines(
    'frozen text layers, notes to vectors', shapeLine(result.shape), speedTable(rows, result), int8 ? errorLine(int8.error) : '',
    `${tokens}; ${memoryLine(result.peak_memory_mib)}`, noiseLine(result), machineLine(result),
  );
}

const speedRow = (name: string, { ms, visits_per_second: visits, gflops_per_second: rate, share_of_bare: share, processor_ms: processor }: Speed): string[] => [
  name, ms.toFixed(1), visits.toFixed(2), rate.toFixed(1), share.toFixed(3), processor.toFixed(1),
];

/** The bare products under the rows. */
const speedTable = (rows: string[][], { bare, gflop }: Pick<StepBench, 'bare' | 'gflop'>): string =>
  `${alignColumns([['', 'ms', 'visits/s', 'GFLOP/s', 'of bare', 'processor ms'], ...rows, ['bare products', bare.ms.toFixed(1), '', bare.gflops_per_second.toFixed(1), '1.000', bare.processor_ms.toFixed(1)]])}
(${gflop.toPrecision(4)} GFLOP of matrix products; bare products: those by themselves, as fast as this machine multiplies)`;

export function epochTable(result: EpochBench): string {
  const { first, cached, uncached } = result.epochs;
  const rows = [
    epochRow('first epoch, filling the cache', first, cached),
    epochRow('later epoch, from the cache', cached, cached),
    ...(uncached ? [epochRow('epoch without cache', uncached, cached)] : []),
  ];
  const bareRow = ['bare products', '', '', '', result.bare.gflops_per_second.toFixed(1), '1.000', '', result.bare.others_cores.toFixed(2)];
  const { mib, read_tokens_per_second: read, step_tokens_per_second: used } = result.cache;
  return lines(
    'pre-training epochs over frozen text layers',
    shapeLine(result.shape),
    alignColumns([['', 'seconds', 'of a later epoch', 'notes/s', 'GFLOP/s', 'of bare', 'peak MiB', 'others\' cores'], ...rows, bareRow]),
    cached.extrapolated ? `extrapolated from ${cached.steps} of ${cached.steps_of} steps, by the tokens in them` : `${cached.steps} steps an epoch`,
    `cache: ${mib.toFixed(1)} MiB; ${count(Math.round(read))} tokens a second are read, ${count(Math.round(used))} are used by the steps (${(read / used).toFixed(1)} ×)`,
    machineLine(result),
  );
}

const epochRow = (name: string, epoch: EpochSpeed, later: EpochSpeed): string[] => [
  name, epoch.seconds.toFixed(1), `${(epoch.seconds / later.seconds).toFixed(2)} ×`, epoch.visits_per_second.toFixed(2), epoch.gflops_per_second.toFixed(1), epoch.share_of_bare.toFixed(3), String(epoch.peak_memory_mib), epoch.others_cores.toFixed(2),
];

export function scalingTable(result: ScalingBench): string {
  const { notes: _, ...shape } = result.shape;
  const rows = result.rows.map(({ notes, first_seconds: first, cached_seconds: cached, cached_processor_seconds: processor, peak_memory_mib: peak, cache_mib: cache }) => {
    const each = (seconds: number): string => ((1e3 * seconds) / notes).toFixed(2);
    return [String(notes), first.toFixed(1), each(first), cached.toFixed(1), each(cached), each(processor), String(peak), cache.toFixed(1)];
  });
  return lines(
    'pre-training epochs by number of notes, each in a process of its own',
    shapeLine(shape),
    alignColumns([['notes', 'first epoch, s', 'ms a note', 'later epoch, s', 'ms a note', 'processor ms a note', 'peak MiB', 'cache MiB'], ...rows]),
    'linear: the same milliseconds a note in every row; flat: the same peak memory in every row',
    machineLine(result),
  );
}

const lines = (...parts: string[]): string => parts.filter(Boolean).join('\n');

const shapeLine = (shape: Record<string, number>): string =>
  Object.entries(shape).map(([name, value]) => `${name.replaceAll('_', ' ')} ${Number.isInteger(value) ? count(value) : value.toPrecision(3)}`).join(', ');

const errorLine = ({ max_absolute: most, mean_absolute: mean, relative, mean_cosine: cosine, min_cosine: worst }: Difference): string =>
  `int8 beside float32: components differ by ${mean.toPrecision(2)} on average, ${most.toPrecision(2)} at most (${(100 * relative).toFixed(2)} % of their root mean square); cosine ${cosine.toFixed(5)}, worst ${worst.toFixed(5)}`;

const memoryLine = (mib: number): string => `peak memory ${count(mib)} MiB`;

/** How far to trust the figures. */
const noiseLine = ({ others_cores: others, quiet_ms: quiet, min_ms: least, max_ms: most, repeats }: Pick<Speed, 'others_cores' | 'quiet_ms' | 'min_ms' | 'max_ms'> & { repeats: number }): string =>
  `median of ${repeats} rounds of ${least.toFixed(1)} to ${most.toFixed(1)} ms; other processes kept ${others.toFixed(2)} cores busy, ${quiet === null ? 'in every round' : `in quiet rounds ${quiet.toFixed(1)} ms`}`;

const machineLine = ({ device, threads, load_average: load }: { device: string; threads: number; load_average: number[] }): string =>
  `${device}; ${threads} threads; load average ${load.map((x) => x.toFixed(1)).join(' ')}`;

/** @param lengths ascending */
export function lengthsTable(lengths: readonly number[]): string {
  const quantile = (share: number): string => String(lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))]);
  const mean = (most: number): string => (lengths.reduce((sum, length) => sum + Math.min(length, most), 0) / lengths.length).toFixed(0);
  return lines(
    `${count(lengths.length)} notes; tokens without [CLS] and [SEP] (--json: all of them, for --lengths)`,
    alignColumns([['shortest', '10 %', 'median', '90 %', 'longest', 'mean', 'mean of the first 512', 'of the first 256'], [quantile(0), quantile(0.1), quantile(0.5), quantile(0.9), quantile(1), mean(Infinity), mean(512), mean(256)]]),
  );
}

export function baselineTable({ notes, dev_notes, words, labels, threads, tolerance, seconds, processor_seconds, others_cores, notes_per_second, peak_memory_mib, terms, evaluations, unconverged, dev, load_average }: BaselineBench): string {
  return lines(
    `TF-IDF and logistic regression on synthetic notes, from the file to thresholds: ${count(notes)} notes of ${count(words)} words (${count(dev_notes)} more for thresholds), ${labels} labels, ${threads} threads`,
    `${seconds.toFixed(1)} s (${notes_per_second.toFixed(0)} notes a second), ${processor_seconds.toFixed(1)} s of processor time; ${memoryLine(peak_memory_mib)}`,
    `${count(terms)} terms, ${evaluations} evaluations of loss and gradient of eight labels, to a tolerance of ${tolerance}${unconverged ? `, ${unconverged} labels not converged` : ''}`,
    `dev: micro-F1 ${dev.micro_f1.toFixed(3)}, macro-F1 ${dev.macro_f1.toFixed(3)}, micro-AUC ${dev.micro_auc.toFixed(3)}`,
    `other processes kept ${others_cores.toFixed(2)} cores busy; load ${load_average.map((load) => load.toFixed(2)).join(', ')}`,
  );
}

export function serveTable({ run, notes, words, one, many, ratio, memory_mib: memory, flood, load_average: load }: ServeBench): string {
  const answered = (statuses: Record<number, number>): string => Object.entries(statuses).map(([status, many]) => `${many} × ${status === '0' ? 'no answer' : status}`).join(', ');
  const row = ({ clients, requests_per_second: rate, p50_ms, p99_ms, records_a_batch: batch, processor_ms: processor, statuses }: LoadSpeed): string[] => [String(clients), rate.toFixed(1), p50_ms.toFixed(1), p99_ms.toFixed(1), batch.toFixed(1), processor.toFixed(1), answered(statuses)];
  return lines(
    `${run} behind HTTP: ${count(notes)} synthetic notes of ${count(words)} words, one a request`,
    alignColumns([['clients', 'requests/s', 'p50 ms', 'p99 ms', 'records a batch', 'processor ms', 'answers'], row(one), row(many)]),
    `${many.clients} clients get ${ratio.toFixed(2)} × the throughput of one`,
    flood ? `${count(flood.requests)} requests at once: ${answered(flood.statuses)}, in ${flood.seconds.toFixed(1)} s` : '',
    `memory of the server: ${memory.before} MiB before, ${memory.after} MiB after${memory.flood === undefined ? '' : `, ${memory.flood} MiB after the flood`}`,
    `load average ${load.map((x) => x.toFixed(1)).join(' ')}`,
  );
}
