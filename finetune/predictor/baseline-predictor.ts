/** TF-IDF and logistic regression as a predictor. */
import path from 'node:path';
import { cleanNote, readTokenizer } from '../../src/dataset/index.js';
import { scoreLabels } from '../baselines/one-vs-rest.js';
import { readBaseline } from '../baselines/saved.js';
import { preparedOf } from '../stated-run.js';
import { cardOf } from './card.js';
import type { ClinicalRecord, Predictor } from './predictor.js';
import { rankingOf } from './ranked.js';
import { LARGEST_BATCH } from './shapes.js';

/** @throws data or checkpoint error when `dir` is no baseline run, or one without what serving needs */
export async function openBaselinePredictor(dir: string): Promise<Predictor> {
  const { manifest, task, model: { tfidf, models } } = readBaseline(dir);
  const read = textReader(dir, preparedOf(dir, manifest), task.text);
  const { labels, thresholds } = task;
  const ranked = rankingOf({ labels, isPredicted: (probability, label) => probability >= thresholds[label]! });
  return {
    card: cardOf(manifest, { task: task.task, inputs: task.inputs, labels }),
    batchSize: LARGEST_BATCH,
    async predict(records, top) {
      const { texts, truncated } = await read(records);
      const scores = scoreLabels(tfidf.transform(texts), models);
      return records.map(({ codes = [] }, r) => ({ codes: ranked(scores.subarray(r * labels.length), top), unknownCodes: [...codes], truncated: truncated[r]! }));
    },
    warmUp: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

type TextReader = (records: readonly ClinicalRecord[]) => Promise<{ texts: string[]; truncated: boolean[] }>;

/** Notes as the baseline learnt to read them: whole, or as far as the tokenizer's pieces spell them. */
function textReader(dir: string, { text: cleaning, max_tokens }: ReturnType<typeof preparedOf>, source: 'store' | 'tokens'): TextReader {
  const cleaned = (records: readonly ClinicalRecord[]): string[] => records.map(({ text = '' }) => cleanNote(text, cleaning));
  if (source === 'store') return (records) => Promise.resolve({ texts: cleaned(records), truncated: records.map(() => false) });
  const tokenizer = readTokenizer(path.join(dir, 'tokenizer.json'));
  return async (records) => {
    const encoded = await tokenizer.encode(cleaned(records), max_tokens + 1);
    return { texts: encoded.map((ids) => tokenizer.decode(ids.subarray(0, max_tokens))), truncated: encoded.map(({ length }) => length > max_tokens) };
  };
}
