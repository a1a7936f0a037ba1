/** The combined coder as a predictor. */
import { configurationError } from '../../src/core/errors.js';
import { openNoteCoder } from '../coder/coder.js';
import { openCoder } from '../coder/files.js';
import { cardOf } from './card.js';
import type { OpenPredictorOptions } from './open.js';
import type { ClinicalRecord, Explanation, Predictor } from './predictor.js';
import { LARGEST_BATCH } from './shapes.js';

/** @throws data error when `dir` is no coder; configuration error for one that learnt with another model's probabilities */
export async function openCoderPredictor(dir: string, { device }: OpenPredictorOptions): Promise<Predictor> {
  const { coder, manifest } = openCoder(dir);
  const withScores = manifest['with_scores'] as string[];
  if (withScores.length) throw configurationError(`${dir}: this coder learnt with another model's probabilities for ${withScores.join(', ')}, which new notes do not have; train one without --scores to use it on new records`);
  const noteCoder = openNoteCoder(coder, device);
  const labels = Object.entries(coder.kinds).flatMap(([kind, { associations }]) => Array.from(associations.codes.keys(), () => ({ system: coder.systems[kind]! })));
  const explain = async (records: readonly ClinicalRecord[], top: number): Promise<Explanation[]> => {
    const notes = await noteCoder.code(records.map(({ id = '', text = '' }) => ({ id, group: id, text, annotations: {} })));
    return notes.map((note, r) => ({
      codes: note.codes.map(({ spans: _, ...code }) => code),
      unknownCodes: [...(records[r]!.codes ?? [])],
      truncated: false,
      note: { ...note, codes: note.codes.filter(({ predicted }, rank) => rank < top || predicted) },
    }));
  };
  return {
    card: cardOf(manifest, { task: 'icd-coding', inputs: ['text'], labels }),
    batchSize: LARGEST_BATCH,
    predict: async (records, top = Infinity) => (await explain(records, 0)).map(({ note: _, codes, ...prediction }) => ({ ...prediction, codes: codes.filter(({ predicted }, rank) => rank < top || predicted) })),
    explain,
    async warmUp() {
      await noteCoder.code([{ id: '', group: '', text: 'fever', annotations: {} }]);
    },
    dispose: () => noteCoder.dispose(),
  };
}
