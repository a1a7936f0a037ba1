/** `medweave bench`: how fast training and encoding are on this machine. Random weights, synthetic visits; nothing is downloaded. */
import fs from 'node:fs';
import os from 'node:os';
import { configurationError } from '../../core/errors.js';
import { benchBaseline } from '../../bench/baseline.js';
import { benchEncode } from '../../bench/encode.js';
import { benchEpoch, type EpochOptions } from '../../bench/epoch.js';
import { noteLengths, readLengths, thinOut } from '../../bench/note-lengths.js';
import { benchScaling } from '../../bench/scaling.js';
import { benchServe } from '../../bench/serve.js';
import { benchBertStep, benchVisitStep } from '../../bench/step.js';
import { hierarchyOf } from '../../encoders/model-spec.js';
import { diagnoses } from '../../bench/vocabulary.js';
import { benchOptions, checkSizes, scalingCounts, type BenchArgs } from '../bench/options.js';
import { bertShape, chosenSizes, runConfig, syntheticVisits, type Measured } from '../bench/settings.js';
import { baselineTable, encodeTable, epochTable, lengthsTable, scalingTable, serveTable, stepTable } from '../bench/tables.js';
import { defineCommand, type CommandContext, type CommandResult } from '../command.js';
import { Interrupted } from '../interrupted.js';
import { limitsSchema } from '../../serve/index.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED } from '../run-options.js';

const REPEATS = 9;
const NOTES = 32;

export default defineCommand<BenchArgs>({
  usage: 'bench <what>',
  describe: 'Measure the speed of training and encoding',
  builder: benchOptions,
  async run(args, context) {
    checkSizes(args);
    const measure = { step, encode, epoch: args.scaling === undefined ? epoch : scaling, lengths, baseline, serve }[args.what];
    return measure(args, context).catch((error: unknown) => {
      throw context.signal.aborted ? new Interrupted('interrupted; nothing was measured') : error;
    });
  },
});

async function step(args: BenchArgs, { device, seed = DEFAULT_SEED, log, signal }: CommandContext): Promise<CommandResult> {
  const { model, repeats = REPEATS } = args;
  if (model === 'layers' || model === 'bert-base') {
    const result = await benchBertStep(model, { ...bertShape(model, args, seed), plain: model === 'layers', device, log, repeats, signal });
    return { text: stepTable(result), json: result };
  }
  saveHierarchy(args, chosenSizes(model, args).codes);
  const { model: config, pretrain } = runConfig(model, args);
  const { batch, tokens } = chosenSizes(model, args);
  const lengths = new Array<number>(batch).fill(model === 'codes' ? 0 : contentOf(tokens));
  const result = await benchVisitStep(model, { model: config, pretrain, cache: { enabled: false, precision: 'float32' }, visits: syntheticVisits(model, args, { lengths, seed }), device, log, repeats, signal });
  return { text: stepTable(result), json: result };
}

/** For bench/pytorch, so that both have the same graph. */
function saveHierarchy({ saveHierarchy: file }: BenchArgs, codes: number): void {
  if (file === undefined) return;
  const { leaves, parent } = hierarchyOf(diagnoses(codes));
  fs.writeFileSync(file, JSON.stringify({ leaves, parent: Array.from(parent) }));
}

async function encode(args: BenchArgs, { device, seed = DEFAULT_SEED, log, signal }: CommandContext): Promise<CommandResult> {
  const { batch, vocabulary } = chosenSizes('encode', args);
  const result = await benchEncode({ text: runConfig('encode', args).model.text, vocabulary, batch, precision: args.precision, device, seed, log, signal, repeats: args.repeats ?? REPEATS });
  return { text: encodeTable(result), json: result };
}

async function epoch(args: BenchArgs, context: CommandContext): Promise<CommandResult> {
  const result = await benchEpoch({ ...(await epochOptions('epoch', args, context)), uncached: true });
  return { text: epochTable(result), json: result };
}

async function scaling(args: BenchArgs, context: CommandContext): Promise<CommandResult> {
  const result = await benchScaling(scalingCounts(args.scaling!), await epochOptions('scaling', args, context));
  return { text: scalingTable(result), json: result };
}

async function epochOptions(measured: Measured, args: BenchArgs, { device, seed = DEFAULT_SEED, log, signal }: CommandContext): Promise<Omit<EpochOptions, 'uncached'>> {
  const { model, pretrain, cache } = runConfig(measured, args);
  if (pretrain.freeze === null || pretrain.freeze >= model.text.layers) throw configurationError(`--frozen ${pretrain.freeze}: expected fewer than --layers ${model.text.layers}, the rest are trained`);
  const lengths = await chosenLengths(args, chosenSizes(measured, args).tokens);
  return { model, pretrain, precision: cache.precision, visits: syntheticVisits(measured, args, { lengths, seed }), steps: args.steps, device, log, signal };
}

async function chosenLengths({ lengths: file, data, notes }: BenchArgs, tokens: number): Promise<number[]> {
  if (file === undefined && data === undefined) return new Array<number>(notes ?? NOTES).fill(contentOf(tokens));
  const lengths = data === undefined ? readLengths(file!) : await noteLengths(data);
  return notes === undefined ? lengths : thinOut(lengths, notes);
}

/** Tokens of a note that fills its window, without [CLS] and [SEP]. */
const contentOf = (tokens: number): number => tokens - 2;

async function lengths({ data }: BenchArgs): Promise<CommandResult> {
  if (data === undefined) throw configurationError('bench lengths: --data is missing; name a directory written by `medweave prepare`');
  const found = await noteLengths(data);
  return { text: lengthsTable(found), json: found };
}

const BASELINE = { notes: 10_000, labels: 50, words: 1600 };

async function baseline(args: BenchArgs, { seed = DEFAULT_SEED, log, signal }: CommandContext): Promise<CommandResult> {
  const { notes, labels, words, threads } = { ...BASELINE, threads: os.availableParallelism(), ...given(args, { ...BASELINE, threads: 0 }) };
  const { baseline: config } = loadRunConfig(args);
  const result = await benchBaseline({ notes, labels, words, threads, config, seed, log, signal });
  return { text: baselineTable(result), json: result };
}

/** Those of the sizes that the command line names. */
const given = <Sizes extends Partial<BenchArgs>>(args: BenchArgs, sizes: Sizes): Partial<Sizes> =>
  Object.fromEntries(Object.keys(sizes).map((name) => [name, args[name as keyof BenchArgs]]).filter(([, size]) => size !== undefined)) as Partial<Sizes>;

const SERVE = { clients: 32, notes: 64, words: 180, repeats: 5, flood: 0 };

async function serve({ run, ...args }: BenchArgs, { device, seed = DEFAULT_SEED, signal }: CommandContext): Promise<CommandResult> {
  if (run === undefined) throw configurationError('bench serve: --run is missing; name a directory written by `medweave finetune`, `baseline` or `coder`');
  const result = await benchServe({ ...SERVE, ...given(args, SERVE), run, device, limits: limitsSchema.parse({}), seed, signal });
  return { text: serveTable(result), json: result };
}
