/** Leak: pre-training, or the training of a run, that saw patients of this data's dev or test set. Follows a run back to everything it started from. */
import fs from 'node:fs';
import path from 'node:path';
import { readManifest, type Manifest } from '../core/artifact.js';
import type { Dataset } from '../dataset/index.js';
import { leaked, passed, unclear, type Finding } from './declaration.js';
import { heldOutPatients, heldOutSeenBy } from './held-out.js';

const TRAINING = ['mlm', 'pretrain', 'finetune'];

/** @param run a run of `mlm`, `pretrain` or `finetune`, or a checkpoint that `export` wrote */
export function checkLineage(dataset: Dataset, run: string): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const follow = (dir: string): void => {
    if (seen.has(dir)) return;
    seen.add(dir);
    const origin = open(dir);
    if (!('manifest' in origin)) return void findings.push(origin.finding);
    const { command, inputs } = origin.manifest;
    const trained = TRAINING.includes(command);
    if (trained) findings.push(checkTraining(dataset, dir, origin.manifest));
    // The first input of a stage is its data, what follows is what it started from; `export` has a run only.
    Object.keys(inputs).slice(trained ? 1 : 0).forEach(follow);
  };
  follow(path.resolve(run));
  return findings;
}

const title = (dir: string): string => `patients that ${path.basename(dir)} was trained on`;

/** The manifest, or why there is none. */
function open(dir: string): { manifest: Manifest } | { finding: Finding } {
  if (!fs.existsSync(dir)) return { finding: leaked(title(dir), { name: 'pretraining-unknown', message: `${dir}: a run started from it, but it is gone, so whether it saw dev or test patients cannot be established; put it back` }) };
  if (fs.existsSync(path.join(dir, 'manifest.json'))) return { manifest: readManifest(dir) };
  return { finding: unclear(title(dir), `${dir}: a checkpoint from elsewhere; medweave cannot know whether texts of dev or test patients were in its corpus (ClinicalBERT's was all of MIMIC-III)`) };
}

function checkTraining(dataset: Dataset, dir: string, manifest: Manifest): Finding {
  const check = title(dir);
  const { split_id, command } = manifest;
  const ours = dataset.manifest.split_id;
  if (split_id !== undefined && split_id === ours) return passed(check, `${command}, on the same split ${ours}`);
  const data = dataOf(manifest);
  if (!data) {
    const message = `${dir}: ${command} on split ${split_id ?? '(not recorded)'}, this data has split ${ours ?? '(not recorded)'}, and the data it was trained on is gone or changed: whether it saw dev or test patients cannot be established; train it again on ${dataset.dir}`;
    return leaked(check, { name: 'pretraining-unknown', message });
  }
  const patients = heldOutSeenBy(dataset, data);
  if (!patients.length) return passed(check, `${command}, on ${data}, among whose training patients is none of dev and test here`);
  const message = `${dir}: ${command} on ${data}, whose training patients hold ${patients.length} of the ${heldOutPatients(dataset).size} dev and test patients here; train it again on ${dataset.dir}, or on data with the same split`;
  return leaked(check, { name: 'pretraining-overlap', message });
}

/** The data directory that a stage read, where it is still there with the same split. */
function dataOf({ inputs, split_id }: Manifest): string | undefined {
  const [data] = Object.keys(inputs);
  if (data === undefined || split_id === undefined || !fs.existsSync(path.join(data, 'manifest.json'))) return undefined;
  const { command, split_id: current } = readManifest(data);
  return command === 'prepare' && current === split_id ? data : undefined;
}
