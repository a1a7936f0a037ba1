/** Masked-language modelling: data/ → a run directory with the text encoder's weights, from which `pretrain` and `finetune` start. */
import { configurationError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { createRng } from '../../src/core/rng.js';
import { type BatchPlan, type Dataset } from '../../src/dataset/index.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import { initTextEncoder, type TextEncoder } from '../../src/encoders/text/text-encoder.js';
import { openMaskedLanguageHead } from '../../src/huggingface/language-head.js';
import { noDropout, trainingDropout } from '../../src/nn/dropout.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import type { CacheConfig } from '../../src/prefix-cache/index.js';
import { meanLosses } from '../../src/training/dev-loss.js';
import { runLoop } from '../../src/training/loop.js';
import type { Batch } from '../../src/training/program-cache.js';
import { openStage } from '../../src/training/stage.js';
import { runStage, type StageOutcome, type StageRequest, type StageResult } from '../../src/training/run-stage.js';
import { findStart, startingValues, type Start } from '../../src/training/start.js';
import { withStoredValues } from '../../src/training/stored-values.js';
import { chunkingOf } from '../../src/training/visit-source.js';
import type { MlmConfig } from './config.js';
import { corpusOf, logFrequencies, predictedIn, type Corpus } from './corpus.js';
import { maskingTokens, maskTokens } from './masking.js';
import { initHead, maskedAccuracy, maskedBatch, maskedLanguageLogits, maskedLanguageLoss, type MaskedLanguageHead, type MaskedLanguageModel } from './objective.js';

export interface MlmOptions extends StageRequest {
  config: { model: ModelConfig; mlm: MlmConfig; cache: CacheConfig };
}

export async function modelLanguage(options: MlmOptions): Promise<StageResult> {
  const start = await findStart({ model: options.config.model, commands: [], log: options.log });
  assertSomethingTrains(start.model, options.config.mlm);
  const config = { model: start.model, mlm: options.config.mlm };
  return runStage<StageOutcome>(options, { command: 'mlm', start, config }, (dataset, dir) => train(options, start, dataset, dir));
}

function assertSomethingTrains({ text: { layers } }: ModelConfig, { freeze }: MlmConfig): void {
  if (freeze !== null && freeze >= layers) throw configurationError(`mlm.freeze: ${freeze} of the text encoder's ${layers} layers frozen leaves nothing of it to train; expected at most ${layers - 1}, or null`);
}

async function train({ config: { mlm: config, cache }, seed, device, signal, tracker, log }: MlmOptions, start: Start, dataset: Dataset, dir: string) {
  const { model } = start;
  const { training, optimizer, freeze, masking } = config;
  const [corpus, dev] = [corpusOf(dataset, 'train', chunkingOf(model.text)), corpusOf(dataset, 'dev', chunkingOf(model.text))];
  log.info(`mlm: training on ${describe(corpus)}; dev: ${describe(dev)}`);
  const stage = await openStage<MaskedLanguageModel>({
    name: 'mlm', device, dataset, model, freeze, optimizer, batchSize: training.batch_size, seed, log,
    inits: initialModel(start, { dataset, corpus, seed, log }),
    loss: (p, inputs, noise) => ({ loss: maskedLanguageLoss(maskedLanguageLogits(p, inputs, model.text, trainingDropout(noise, model.text.dropout)), inputs) }),
    fixed: (name) => name === TIED,
    untouched: (name) => name.startsWith(POOLER),
    // Masks are drawn anew each epoch, before the frozen layers read the text: nothing would be read back.
    cache: { ...cache, enabled: false },
  });
  const { source, trainer } = stage;
  const forward = stage.forward('mlm evaluation', (p, inputs) => {
    const logits_PV = maskedLanguageLogits(p, inputs, model.text, noDropout);
    return { loss: maskedLanguageLoss(logits_PV, inputs), accuracy: maskedAccuracy(logits_PV, inputs) };
  });
  const tokens = maskingTokens(dataset.tokenizer);
  const batchOf = async (epoch: number | 'dev', plan: BatchPlan): Promise<Batch> => {
    const text = source.loadText(plan);
    const masked = maskTokens(text, { masking, tokens, rngOf: (row, chunk) => createRng(seed, 'tokens', epoch, plan.rows[row]!, chunk) });
    return maskedBatch(plan.rows.length, await source.encodeText({ ...text, ids: masked.ids }), masked);
  };
  const devBatches = source.plan(dev.rows).map((plan) => ({ weight: predictedIn(dataset, plan, tokens, masking), load: () => batchOf('dev', plan) }));
  try {
    const result = await runLoop({
      name: 'mlm', trainer, training, optimizer, directory: dir, signal, tracker, log,
      planEpoch: (epoch) => source.plan(corpus.rows, { seed, epoch }).map((plan) => ({ load: () => batchOf(epoch, plan) })),
      evaluate: () => meanLosses(devBatches, forward),
    });
    if (result.finished) stage.save(dir);
    return result;
  } finally {
    stage.dispose();
  }
}

/** The decoder is the word embeddings, frozen or not. */
const TIED = 'bert.embeddings.word_embeddings.weight';
/** Kept for the stages that follow. */
const POOLER = 'bert.pooler.';

interface InitialModelOptions {
  dataset: Dataset;
  corpus: Corpus;
  seed: number;
  log: Logger;
}

/** The head, too, comes from the checkpoint when there is one in it. */
function initialModel(start: Start, { dataset, corpus, seed, log }: InitialModelOptions): { bert: TextEncoder<ParameterInit> } & MaskedLanguageHead<ParameterInit> {
  const { text } = start.model;
  const rows = text.vocabulary_size ?? dataset.tokenizer.size;
  const encoder = { bert: initTextEncoder(createRng(seed, 'model').split('bert'), text, rows) };
  const head = initHead(createRng(seed, 'mlm head'), text, logFrequencies(dataset, corpus, chunkingOf(text), rows));
  const inits = startingValues({ ...encoder, ...head }, start, () => false);
  if (start.checkpoint === undefined) return inits;
  const stored = openMaskedLanguageHead(start.checkpoint);
  log.info(`mlm: the head starts ${stored ? 'from the checkpoint\'s' : 'anew; the checkpoint has none'}`);
  return stored ? withStoredValues(inits, stored, (name) => !stored.names.includes(name)) : inits;
}

const describe = ({ rows, tokens, unread }: Corpus): string =>
  `${rows.length} notes, ${tokens} tokens${unread ? ` (${unread} more lie beyond model.text.max_tokens)` : ''}`;
