/** A fine-tuned run, opened for scoring. */
import path from 'node:path';
import { parseConfig, readYaml } from '../src/core/config.js';
import { checkpointError } from '../src/core/errors.js';
import type { Logger } from '../src/core/log.js';
import { openSafetensors } from '../src/core/safetensors.js';
import type { Dataset } from '../src/dataset/index.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import type { Device } from '../src/engine/index.js';
import { openCachedPrefix } from '../src/training/cached-prefix.js';
import { initialValues, layOut } from '../src/training/flat-parameters.js';
import { createForward } from '../src/training/forward.js';
import { assertSameData, cacheOf, openRun } from '../src/training/run-files.js';
import { selectParameters, splitFrozen } from '../src/training/stage-parameters.js';
import { withStoredValues } from '../src/training/stored-values.js';
import { createVisitSource } from '../src/training/visit-source.js';
import { finetuneSchema, type FinetuneConfig } from './config.js';
import { attend } from './evidence/attend.js';
import { taskModel, type TaskParameters } from './model.js';
import { scoreRows, type Scored } from './scoring.js';
import { readTaskFile } from './task-file.js';
import { openTask, type Task } from './tasks/index.js';
import { readTitlePieces } from './tasks/title-pieces.js';

export interface FittedRun {
  task: Task;
  /** Tuned on dev. */
  threshold: number;
  config: FinetuneConfig;
  score(rows: Int32Array): Promise<Scored>;
  /** Where labels of each row look in its note: weights over its pieces, label by label. Absent where the head attends to no text. */
  attend?(rows: Int32Array, labelsOf: (row: number) => readonly number[]): Promise<Map<number, number[][]>>;
  dispose(): void;
}

export interface FittedRunOptions {
  device: Device;
  /** Linear layers in 8-bit integers. */
  quantize?: 'int8';
  /** Aborted: scoring stops after the batch at hand. */
  signal?: AbortSignal;
  log: Logger;
}

/** @throws data or checkpoint error when `dir` is no fine-tuned run or does not fit the data */
export async function openFittedRun(dir: string, dataset: Dataset, { device, quantize, signal, log }: FittedRunOptions): Promise<FittedRun> {
  const run = openRun(dir, 'finetune');
  assertSameData(run, dataset);
  const file = readTaskFile(dir);
  const configFile = path.join(dir, 'config.yaml');
  const config = parseConfig(finetuneSchema, readYaml(configFile)['finetune'], `${configFile}: finetune`);
  const task = openTask(file.task, { dataset, config, seed: run.manifest.seed ?? 0, titles: await readTitlePieces(dataset, config) });
  if (namesOf(task.labels) !== namesOf(file.labels)) throw checkpointError(`${dir}: its labels are not those that ${dataset.dir} gives; evaluate it on the data it was trained on`);
  const model = taskModel(modelSpec(run.model, dataset.tokenizer.size, dataset.vocabulary.kinds), task, { seed: 0, headDropout: 0 });
  const { trained, frozen } = splitFrozen(withStoredValues(model.inits, openSafetensors(run.weights), () => false), config.freeze);
  const layout = layOut(trained);
  const fixed = frozen && selectParameters(frozen, model.fixed);
  const parameters = [{ layout, values: initialValues(layout, trained) }, ...(fixed ? [fixed] : [])];
  const forward = createForward<TaskParameters>({ name: 'prediction', device, parameters, quantize, fn: model.predict });
  const attention = model.explain && createForward<TaskParameters>({ name: 'explanation', device, parameters, quantize, fn: model.explain });
  const withText = task.inputs.includes('text');
  const prefix = withText && frozen ? openCachedPrefix({ device, dataset, model: run.model, frozen, freeze: config.freeze, cache: cacheOf(dir), quantize, log }) : undefined;
  const source = createVisitSource(dataset, { model: run.model, batchSize: config.training.batch_size, prefix, withText });
  return {
    task,
    threshold: file.threshold,
    config,
    score: (rows) => scoreRows(rows, { task, source, forward, signal }),
    ...(attention && { attend: (rows, labelsOf) => attend(rows, { labelsOf, task, source, forward: attention, tokens: dataset.tokens, signal }) }),
    dispose() {
      forward.dispose();
      attention?.dispose();
      prefix?.dispose();
    },
  };
}

const namesOf = (labels: readonly { system: string; code: string }[]): string => labels.map(({ system, code }) => `${system} ${code}`).join();
