/** A fine-tuned run, opened from its directory alone: the task as it states it, the model and its weights. */
import path from 'node:path';
import type { Manifest } from '../src/core/artifact.js';
import { parseConfig, readYaml } from '../src/core/config.js';
import { checkpointError } from '../src/core/errors.js';
import { openSafetensors } from '../src/core/safetensors.js';
import { prepareSchema, readTokenizer, readVocabulary, type TextTokenizer, type Vocabulary } from '../src/dataset/index.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import type { FlatParameters } from '../src/training/checkpoint.js';
import { initialValues, layOut } from '../src/training/flat-parameters.js';
import { openRun, type OpenedRun, type Prepared } from '../src/training/run-files.js';
import { withStoredValues } from '../src/training/stored-values.js';
import { finetuneSchema, type FinetuneConfig } from './config.js';
import { taskModel, type TaskModel } from './model.js';
import { readTaskFile, type TaskFile } from './task-file.js';
import { statedTask, type StatedTask } from './tasks/stated.js';
import { readTitlePieces } from './tasks/title-pieces.js';

export interface StatedRun extends Pick<OpenedRun, 'dir' | 'manifest'> {
  /** Its `model` section. */
  modelConfig: OpenedRun['model'];
  /** Its `finetune` section. */
  config: FinetuneConfig;
  file: TaskFile;
  /** How `prepare` made tokens and codes of the training data. */
  prepared: Prepared;
  vocabulary: Vocabulary;
  tokenizer: TextTokenizer;
  task: StatedTask;
  model: TaskModel;
  /** Frozen layers among them: the model reads ids. */
  parameters: FlatParameters;
}

/** @throws data or checkpoint error when `dir` is no fine-tuned run, or its files do not fit together */
export async function openStatedRun(dir: string): Promise<StatedRun> {
  const { manifest, model: modelConfig, weights } = openRun(dir, 'finetune');
  const prepared = preparedOf(dir, manifest);
  const file = readTaskFile(dir);
  const configFile = path.join(dir, 'config.yaml');
  const config = parseConfig(finetuneSchema, readYaml(configFile)['finetune'], `${configFile}: finetune`);
  const [vocabulary, tokenizer] = [readVocabulary(path.join(dir, 'vocab.json')), readTokenizer(path.join(dir, 'tokenizer.json'))];
  const task = statedTask({ file, config, vocabulary, titles: await readTitlePieces({ vocabulary, tokenizer }, config), dir });
  const model = taskModel(modelSpec(modelConfig, tokenizer.size, vocabulary.kinds), task, { seed: 0, headDropout: 0 });
  const inits = withStoredValues(model.inits, openSafetensors(weights), () => false);
  const layout = layOut(inits);
  return { dir, manifest, modelConfig, config, file, prepared, vocabulary, tokenizer, task, model, parameters: { layout, values: initialValues(layout, inits) } };
}

const preparedSchema = prepareSchema.pick({ text: true, codes: true, max_tokens: true });

/** What the run says of how its data was prepared. @throws checkpoint error where it is from before runs said so */
export function preparedOf(dir: string, manifest: Manifest): Prepared {
  const { prepared } = manifest;
  if (!prepared) throw checkpointError(`${dir}: does not say how notes and codes were prepared, as runs of this version do; train it again with --force to use it on new records`);
  return parseConfig(preparedSchema, prepared, `${dir}/manifest.json: prepared`);
}
