/** A fine-tuned run, opened for scoring. */
import fs from 'node:fs';
import path from 'node:path';
import { parseConfig, readYaml } from '../src/core/config.js';
import { checkpointError } from '../src/core/errors.js';
import type { Dataset } from '../src/dataset/index.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import type { Device } from '../src/engine/index.js';
import { loadParameters } from '../src/training/checkpoint.js';
import { initialValues, layOut } from '../src/training/flat-parameters.js';
import { createForward } from '../src/training/forward.js';
import { assertSameData, openRun } from '../src/training/run-files.js';
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

/** @throws data or checkpoint error when `dir` is no fine-tuned run or does not fit the data */
export function openFittedRun(dir: string, dataset: Dataset, device: Device): FittedRun {
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
  const layout = layOut(model.inits);
  const flat = initialValues(layout, model.inits);
  loadParameters(run.weights, layout, flat);
  const forward = createForward<CodingParameters>({ name: 'prediction', device, layout, views: layout.view(flat), fn: model.predict });
  const source = createVisitSource(dataset, run.model, config.training.batch_size);
  return {
    task,
    labels,
    trainRows,
    score: (rows) => scoreRows(rows, { dataset, source, labels, inputs: config.inputs, forward }),
    dispose: () => forward.dispose(),
  };
}
