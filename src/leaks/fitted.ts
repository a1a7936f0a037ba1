/** Leak: a vocabulary or a tokenizer that saw dev or test patients. */
import fs from 'node:fs';
import path from 'node:path';
import { readManifest } from '../core/artifact.js';
import { codeKinds, codeSpecials, visitsHash, type CodeKind, type Dataset, type FittedOn, type PrepareConfig } from '../dataset/index.js';
import { leaked, passed, unclear, type Finding } from './declaration.js';
import { heldOutSeenBy } from './held-out.js';

export const checkFitted = (dataset: Dataset): Finding[] => [checkVocabularies(dataset), checkFittedOn(dataset), ...checkTokenizer(dataset)];

/** Training visits that have each code of a kind's vocabulary. */
function trainingCounts({ codes, splits, vocabulary }: Dataset, kind: CodeKind): Int32Array {
  const counts = new Int32Array(codeSpecials.length + vocabulary.kinds[kind].length);
  splits.forEach((split, row) => {
    if (split === 'train') for (const id of codes[kind].row(row)) counts[id]!++;
  });
  return counts.subarray(codeSpecials.length);
}

function checkVocabularies(dataset: Dataset): Finding {
  const check = 'vocabularies count training visits only';
  const total = codeKinds.reduce((sum, kind) => sum + dataset.vocabulary.kinds[kind].length, 0);
  const wrong = codeKinds.flatMap((kind) => {
    const counts = trainingCounts(dataset, kind);
    return dataset.vocabulary.kinds[kind].flatMap(({ code, count }, i) => (count === counts[i] ? [] : [{ kind, code, count, training: counts[i]! }]));
  });
  if (!wrong.length) return passed(check, `${total} codes`);
  const { kind, code, count, training } = wrong[0]!;
  const unseen = wrong.filter((one) => !one.training).length;
  const message =
    `${path.join(dataset.dir, 'vocab.json')}: ${wrong.length} of ${total} codes have other counts than the training visits give (${kind} ${code}: ${count} instead of ${training}, …), ` +
    `${unseen} are in no training visit; run \`medweave prepare --force\``;
  return leaked(check, { name: 'vocabulary', message });
}

/** What the manifest records of the visits that everything was fitted on, against the training visits. */
function checkFittedOn({ dir, manifest, visitIds, splits }: Dataset): Finding {
  const check = 'fitted on the training visits';
  const fitted = manifest.fitted_on as FittedOn | undefined;
  if (!fitted) return unclear(check, `${dir}: its manifest does not say which visits the vocabularies and the tokenizer were fitted on; run \`medweave prepare --force\``);
  const training = visitIds.filter((_, row) => splits[row] === 'train');
  if (fitted.visits_hash === visitsHash(training)) return passed(check, `${training.length} visits`);
  const message = `${dir}: vocabularies and tokenizer were fitted on ${fitted.visits} visits that are not the ${training.length} training visits; run \`medweave prepare --force\``;
  return leaked(check, { name: 'vocabulary', message });
}

/** A tokenizer that the configuration gave may have been learnt anywhere; that of another data directory says where. */
function checkTokenizer(dataset: Dataset): Finding[] {
  const check = 'tokenizer learnt without dev and test';
  const fitted = dataset.manifest.fitted_on as FittedOn | undefined;
  if (!fitted) return [];
  if (fitted.tokenizer === 'learnt') return [passed(check, 'learnt from training notes')];
  const from = (dataset.manifest.config as PrepareConfig).tokenizer.from ?? '?';
  const folder = path.dirname(path.resolve(from));
  const origin = fs.existsSync(path.join(folder, 'manifest.json')) ? readManifest(folder) : undefined;
  const isLearntThere = origin?.command === 'prepare' && (origin.fitted_on as FittedOn | undefined)?.tokenizer === 'learnt';
  if (!isLearntThere) return [unclear(check, `the tokenizer was taken from ${from} (prepare.tokenizer.from), which does not say what it was learnt from`)];
  const seen = heldOutSeenBy(dataset, folder);
  if (!seen.length) return [passed(check, `learnt from the training notes of ${folder}, of none of the dev and test patients`)];
  return [leaked(check, { name: 'tokenizer', message: `the tokenizer of ${from} (prepare.tokenizer.from) was learnt from notes of ${seen.length} dev or test patients; learn it here, or from a data set with the same split` })];
}
