/** `medweave bench epoch`: whole epochs of pre-training over frozen text layers — the first, which fills the cache, a later one, and one without cache. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PretrainStage } from '../../pretrain/stage.js';
import type { BatchPlan } from '../dataset/index.js';
import { createBareProducts } from './bare-products.js';
import { cacheReading, type CacheReading } from './cache-reading.js';
import { layerProducts } from './bert-products.js';
import { machine, type Machine } from './machine.js';
import { median, timeInterleaved } from './measure.js';
import { merged, totalFlops, type Product } from './products.js';
import { runEpoch, warmUp, type EpochTiming } from './run-epoch.js';
import { visitShape, visitStepProducts } from './visit-products.js';
import { openVisitTraining, type VisitTraining } from './visit-step.js';

export interface EpochOptions extends Omit<VisitTraining, 'cache'> {
  /** Measure only so many steps of each epoch, and extrapolate. */
  steps?: number;
  /** Precision of the cache. */
  precision: 'float16' | 'float32';
  /** Measure an epoch without cache too. */
  uncached: boolean;
  signal: AbortSignal;
}

export interface EpochSpeed extends EpochTiming {
  visits_per_second: number;
  /** Of the matrix products in a whole epoch. */
  gflop: number;
  gflops_per_second: number;
  share_of_bare: number;
}

/** The machine's rate on the products of the commonest batch. */
export interface BareSpeed {
  gflops_per_second: number;
  /** Cores that other processes kept busy while it was measured: it is worth as much as they were few. */
  others_cores: number;
}

export interface EpochBench extends Machine {
  what: 'epoch';
  shape: Record<string, number>;
  /** `first` computes the frozen layers and writes the cache, `cached` is any later epoch, `uncached` computes them anew. */
  epochs: { first: EpochSpeed; cached: EpochSpeed; uncached?: EpochSpeed };
  cache: CacheReading;
  bare: BareSpeed;
}

export async function benchEpoch(options: EpochOptions): Promise<EpochBench> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-bench-'));
  try {
    return await measureEpochs(options, directory);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

async function measureEpochs(options: EpochOptions, directory: string): Promise<EpochBench> {
  const { precision, steps, signal, uncached, pretrain } = options;
  const cached = await withStage(options, { enabled: true, directory, precision }, async (stage, rows) => {
    const plans = (epoch: number): BatchPlan[] => stage.source.plan(rows, { seed: options.visits.seed, epoch });
    await warmUp(stage, plans(0), signal);
    const first = await runEpoch(stage, plans(0), { epoch: 0, steps, signal });
    // Of an epoch in part, the batches that the first one has written.
    const second = await runEpoch(stage, plans(steps ? 0 : 1), { epoch: 1, steps, signal });
    const reading = await cacheReading(stage, plans(0).slice(0, steps), { directory, signal });
    return { first, second, reading, ...(await productsOf(stage, plans(0), options)), machine: machine(stage.device) };
  });
  const without = uncached
    ? await withStage(options, { enabled: false, precision }, async (stage, rows) => {
        const plans = stage.source.plan(rows, { seed: options.visits.seed, epoch: 0 });
        await warmUp(stage, plans, signal);
        return runEpoch(stage, plans, { epoch: 0, steps, signal });
      })
    : undefined;

  const { suffix, prefix, bare } = cached;
  const speed = (timing: EpochTiming, flops: number): EpochSpeed => {
    const rate = flops / timing.seconds / 1e9;
    return { ...timing, visits_per_second: options.visits.lengths.length / timing.seconds, gflop: flops / 1e9, gflops_per_second: rate, share_of_bare: rate / bare.gflops_per_second };
  };
  return {
    what: 'epoch',
    shape: shapeOf(options, pretrain.training.batch_size),
    epochs: {
      first: speed(cached.first, suffix + prefix),
      cached: speed(cached.second, suffix),
      ...(without ? { uncached: speed(without, suffix + prefix) } : {}),
    },
    cache: cached.reading,
    bare,
    ...cached.machine,
  };
}

type CacheOptions = VisitTraining['cache'];

async function withStage<Result>(options: EpochOptions, cache: CacheOptions, use: (stage: PretrainStage, rows: Int32Array) => Promise<Result>): Promise<Result> {
  const { stage, rows } = await openVisitTraining({ ...options, cache });
  try {
    return await use(stage, rows);
  } finally {
    stage.dispose();
  }
}

function shapeOf({ model: { text }, visits, pretrain }: EpochOptions, batch: number): Record<string, number> {
  const { lengths, codes, medications, codesInVisit } = visits;
  return {
    notes: lengths.length, batch, max_tokens: text.max_tokens, window: text.window, mean_tokens: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    width: text.width, layers: text.layers, frozen: pretrain.freeze ?? 0, heads: text.heads, feed_forward: text.feed_forward, codes, medications, visit_codes: codesInVisit + 1,
  };
}

interface EpochProducts {
  /** Operations in an epoch's steps, and in its frozen layers. */
  suffix: number;
  prefix: number;
  bare: BareSpeed;
}

async function productsOf(stage: PretrainStage, plans: readonly BatchPlan[], { model: { text }, pretrain, signal }: EpochOptions): Promise<EpochProducts> {
  const step = (plan: BatchPlan): Product[] => visitStepProducts(visitShape(stage.spec, pretrain, plan));
  const frozen = ({ rows, text: { chunks, width } }: BatchPlan): Product[] => layerProducts({ ...text, layers: pretrain.freeze ?? 0, batch: rows.length * chunks, tokens: width }, 'inference');
  const sum = (productsIn: (plan: BatchPlan) => Product[]): number => plans.reduce((total, plan) => total + totalFlops(productsIn(plan)), 0);
  const commonest = merged(plans.length ? [...step(mostFrequent(plans)), ...frozen(mostFrequent(plans))] : []);
  const { subjects, rate } = await createBareProducts(stage.device, commonest);
  try {
    const timings = await timeInterleaved(subjects, { repeats: 3, warmUp: 1, signal });
    return { suffix: sum(step), prefix: sum(frozen), bare: { gflops_per_second: rate(timings).gflops_per_second, others_cores: median(timings.map((timing) => timing.others_cores)) } };
  } finally {
    for (const subject of subjects) subject.dispose();
  }
}

function mostFrequent(plans: readonly BatchPlan[]): BatchPlan {
  const shapeOfPlan = ({ text: { chunks, width } }: BatchPlan): string => `${chunks} ${width}`;
  const counts = new Map<string, number>();
  for (const plan of plans) counts.set(shapeOfPlan(plan), (counts.get(shapeOfPlan(plan)) ?? 0) + 1);
  return plans.reduce((best, plan) => (counts.get(shapeOfPlan(plan))! > counts.get(shapeOfPlan(best))! ? plan : best));
}
