/** Leak: labels or a threshold of a fine-tuned run that did not come from training and dev. */
import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import { codeKinds, type Dataset } from '../dataset/index.js';
import { leaked, passed, unclear, type Finding } from './declaration.js';

/** What the linter reads of a run's task.json. */
interface TaskFile {
  labels: { system: string; code: string; count?: number }[];
  threshold_from?: string;
}

/** @param dir a run of any stage; only fine-tuned ones have labels and a threshold */
export function checkRun(dataset: Dataset, dir: string): Finding[] {
  const files = checkVocabularyFiles(dataset, dir);
  const file = path.join(dir, 'task.json');
  if (!fs.existsSync(file)) return [files];
  const task = readTask(file);
  // Labels of another vocabulary were counted in other visits, or under other names.
  const labels = files.status === 'ok' ? [checkLabels(dataset, file, task)] : [];
  return [files, ...labels, checkThreshold(file, task)];
}

function readTask(file: string): TaskFile {
  try {
    const task = JSON.parse(fs.readFileSync(file, 'utf8')) as TaskFile;
    if (Array.isArray(task.labels)) return task;
  } catch (cause) {
    throw dataError(`${file}: cannot be read; run \`medweave finetune --force\``, cause);
  }
  throw dataError(`${file}: expected { task, labels, threshold }, as this version writes it; run \`medweave finetune --force\``);
}

function checkVocabularyFiles(dataset: Dataset, dir: string): Finding {
  const check = 'vocabulary and tokenizer of the run';
  const differing = ['vocab.json', 'tokenizer.json'].filter((name) => {
    const [ofRun, ofData] = [dir, dataset.dir].map((folder) => sha256(fs.readFileSync(path.join(folder, name))));
    return ofRun !== ofData;
  });
  if (!differing.length) return passed(check, 'those of the data');
  return unclear(check, `${differing.map((name) => path.join(dir, name)).join(', ')}: not the data's, so the run cannot be used with it; check it against the data it was trained on`);
}

/** Labels that are codes must be codes of training visits, as often as training visits at most carry them. */
function checkLabels({ vocabulary }: Dataset, file: string, { labels }: TaskFile): Finding {
  const check = 'labels are those of training visits';
  const known = new Map(codeKinds.flatMap((kind) => vocabulary.kinds[kind].map(({ system, code, count }) => [`${system} ${code}`, count] as const)));
  const wrong = labels.filter(({ system, code, count = 0 }) => system !== 'task' && count > (known.get(`${system} ${code}`) ?? -1));
  if (!wrong.length) return passed(check, `${labels.length} labels`);
  const [{ system, code }] = wrong as [TaskFile['labels'][number]];
  return leaked(check, { name: 'labels', message: `${file}: ${wrong.length} of ${labels.length} labels are counted in more visits than the training visits have (${system} ${code}, …); run \`medweave finetune --force\`` });
}

function checkThreshold(file: string, { threshold_from }: TaskFile): Finding {
  const check = 'threshold chosen without test';
  if (threshold_from === 'dev') return passed(check, 'on dev: so report figures on test');
  if (threshold_from === undefined) return unclear(check, `${file}: does not say where the threshold was chosen; an earlier version wrote it: run \`medweave finetune --force\``);
  return leaked(check, { name: 'threshold', message: `${file}: the threshold was chosen on ${threshold_from}; expected dev` });
}
