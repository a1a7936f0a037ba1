/** The NER probe: how well a text encoder's words tell where mentions are. Annotated notes (and a start) → a run directory with strict figures. */
import { noticesOfInputs } from '../../src/core/notices.js';
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import { assertNoLeaks } from '../../src/leaks/index.js';
import type { CacheConfig } from '../../src/prefix-cache/index.js';
import type { ProtocolChoice } from '../../src/protocols/index.js';
import { runLoop, type Evaluation } from '../../src/training/loop.js';
import { stageConfig } from '../../src/training/run-files.js';
import { runStage, type StageOutcome, type StageRequest, type StageResult } from '../../src/training/run-stage.js';
import { openStage } from '../../src/training/stage.js';
import { findStart, startingValues, type Start } from '../../src/training/start.js';
import { createSequenceSource } from './batches.js';
import type { NerConfig } from './config.js';
import { evaluateTagger, score, writeEvaluation, type NerEvaluation } from './evaluation.js';
import { taggerModel, TRANSITIONS, type Tagger } from './model.js';
import { tagSplits, type TaggedNote } from './notes.js';
import { predictMentions } from './predict.js';
import { directoriesOf, noticesWith, readCorpus, type NerSource } from './sources.js';
import { tagCount } from './tags.js';

export interface NerOptions extends StageRequest {
  source: NerSource;
  /** A run whose text encoder is probed; without it the encoder starts from `model.text.checkpoint`, or from scratch. */
  from?: string;
  config: { model: ModelConfig; ner: NerConfig; cache: CacheConfig; protocol?: ProtocolChoice };
}

export interface NerOutcome extends StageOutcome {
  evaluation?: NerEvaluation;
}

export async function probeNer(options: NerOptions): Promise<StageResult<NerOutcome>> {
  const { source, from, config, log } = options;
  const found = await findStart({ model: config.model, from, commands: ['mlm', 'pretrain', 'finetune'], log });
  const start = { ...found, inputs: [...found.inputs, ...directoriesOf(source)] };
  const notices = noticesOfInputs([options.data, ...start.inputs]);
  const identity = { task: 'ner', source: source.name, ...stageConfig('ner', { ...config, model: start.model }) };
  const describe = ({ evaluation }: NerOutcome) => ({ ...noticesWith(source, notices), task: 'ner', pretrained_from: from, dev: evaluation?.rows[0]?.figures.micro });
  return runStage<NerOutcome>(options, { command: 'probe', start, config: identity, saved: { ...identity, cache: config.cache }, describe }, (dataset, dir) => train(options, start, dataset, dir));
}

async function train({ source, from: pretrained, config: { ner: config, cache }, seed, device, signal, tracker, log }: NerOptions, start: Start, dataset: Dataset, dir: string): Promise<NerOutcome> {
  const { training, optimizer, freeze } = config;
  const { model } = start;
  assertNoLeaks({ dataset, pretrained: pretrained ?? start.checkpoint, log });
  const { types, splits: annotated } = await readCorpus(source, { dataset, devShare: config.dev_share, seed });
  const splits = await tagSplits(annotated, dataset, { types, config });
  const { train: learnt, dev } = splits;
  log.info(`ner: ${learnt.notes.length} training notes with ${learnt.counts.kept} mentions, dev: ${dev.notes.length} with ${dev.counts.kept}`);
  const tagger = taggerModel({ config: model.text, head: config.head, tokens: dataset.tokenizer.size, tags: tagCount(types), seed });
  const stage = await openStage<Tagger>({
    name: 'ner', device, dataset, model, freeze, cache, optimizer, batchSize: training.batch_size, seed, log,
    inits: startingValues(tagger.inits, start, (name) => name.startsWith('head.')),
    loss: tagger.loss,
    untouched: (name) => name.startsWith('bert.pooler.'),
  });
  const { trainer, source: { encodeText } } = stage;
  const sequences = createSequenceSource(splits, { tokenizer: dataset.tokenizer, text: model.text, batchSize: training.batch_size, encodeText });
  const forward = stage.forward('ner evaluation', tagger.predict);
  const predict = (split: SplitName) =>
    predictMentions(splits[split].notes, { plans: sequences.plan(split), load: sequences.load, forward, types, transitions: trainer.views[TRANSITIONS] });
  const evaluate = async (): Promise<Evaluation> => {
    const mentions = await predict('dev');
    const { precision, recall, f1 } = score(dev.notes, (note) => mentions.get(note)!, types).micro;
    return { score: f1, metrics: { dev_precision: precision, dev_recall: recall, dev_f1: f1 } };
  };
  try {
    const { finished, history, best } = await runLoop({
      name: 'ner', trainer, training, optimizer, directory: dir, signal, tracker, log, evaluate,
      planEpoch: (epoch) => sequences.plan('train', { seed, epoch }).map((plan) => ({ load: () => sequences.load(plan) })),
    });
    if (!finished) return { finished, history };
    stage.save(dir);
    const mentions = new Map([...(await predict('dev')), ...(await predict('test'))]);
    const input = { types, splits, model: (note: TaggedNote) => mentions.get(note)! };
    const evaluation = evaluateTagger(input);
    writeEvaluation(dir, evaluation, input);
    return { finished, history, best, evaluation };
  } finally {
    stage.dispose();
  }
}
