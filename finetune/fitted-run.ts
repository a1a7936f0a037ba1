/** A fine-tuned run, opened for scoring. */
import fs from 'node:fs';
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
import { splitFrozen } from '../src/training/stage-parameters.js';
import { withStoredValues } from '../src/training/stored-values.js';
import { createVisitSource } from '../src/training/visit-source.js';
import { finetuneSchema } from './config.js';
import { codingModel, type CodingParameters } from './model.js';
import type { TaskFile } from './run.js';
import { scoreRows, type Scored } from './scoring.js';
import { codingLabels, labelledRows, takeFraction, type CodingLabels } from './tasks/icd-coding.js';

export interface FittedRun {
  task: TaskFile;
  labels: CodingLabels;
  /** The visits it was trained on; a reference must not see more labels. */
  trainRows: Int32Array;
  score(rows: Int32Array): Promise<Scored>;
  dispose(): void;
}

export interface FittedRunOptions {
  device: Device;
  /** Linear layers in 8-bit integers. */
  quantize?: 'int8';
  log: Logger;
}

/** @throws data or checkpoint error when `dir` is no fine-tuned run or does not fit the data */
export function openFittedRun(dir: string, dataset: Dataset, { device, quantize, log }: FittedRunOptions): FittedRun {
  const run = openRun(dir, 'finetune');
  assertSameData(run, dataset);
  const task = JSON.parse(fs.readFileSync(path.join(dir, 'task.json'), 'utf8')) as TaskFile;
  const file = path.join(dir, 'config.yaml');
  const config = parseConfig(finetuneSchema, readYaml(file)['finetune'], `${file}: finetune`);
  const trainRows = takeFraction(dataset, labelledRows(dataset, 'train', config.labels.kind), config.fraction, run.manifest.seed ?? 0);
  const labels = codingLabels(dataset, config.labels, trainRows);
  const expected = task.labels.codes.map(({ system, code }) => `${system} ${code}`).join();
  if (labels.codes.map(({ system, code }) => `${system} ${code}`).join() !== expected) throw checkpointError(`${dir}: its labels are not those that ${dataset.dir} gives; evaluate it on the data it was trained on`);
  const spec = modelSpec(run.model, dataset.tokenizer.size, dataset.vocabulary.kinds);
  const model = codingModel(spec, config, labels, 0);
  const { trained, frozen } = splitFrozen(withStoredValues(model.inits, openSafetensors(run.weights), () => false), config.freeze);
  const layout = layOut(trained);
  const forward = createForward<CodingParameters>({ name: 'prediction', device, parameters: [{ layout, values: initialValues(layout, trained) }], quantize, fn: model.predict });
  const prefix = frozen && openCachedPrefix({ device, dataset, model: run.model, frozen, freeze: config.freeze, cache: cacheOf(dir), quantize, log });
  const source = createVisitSource(dataset, { model: run.model, batchSize: config.training.batch_size, prefix });
  return {
    task,
    labels,
    trainRows,
    score: (rows) => scoreRows(rows, { dataset, source, labels, inputs: config.inputs, forward }),
    dispose() {
      forward.dispose();
      prefix?.dispose();
    },
  };
}
