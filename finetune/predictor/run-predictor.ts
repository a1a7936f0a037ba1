/** A fine-tuned run as a predictor. */
import path from 'node:path';
import { dataError } from '../../src/core/errors.js';
import { cleanNote, createPieceLocator } from '../../src/dataset/index.js';
import { createForward, type Forward } from '../../src/training/forward.js';
import { chunkingOf, createVisitSource, type VisitSource } from '../../src/training/visit-source.js';
import { attend } from '../evidence/attend.js';
import { explainNote } from '../evidence/explain-note.js';
import { spanRules } from '../evidence/from-attention.js';
import type { TaskModel, TaskParameters } from '../model.js';
import { probabilitiesOf } from '../scoring.js';
import { openStatedRun, type StatedRun } from '../stated-run.js';
import { cardOf } from './card.js';
import type { OpenPredictorOptions } from './open.js';
import type { ClinicalRecord, Explanation, Prediction, Predictor } from './predictor.js';
import { rankingOf } from './ranked.js';
import { LARGEST_BATCH, servingShapes } from './shapes.js';
import { createVisitReader, type RecordVisits } from './visits.js';
import { warmUpVisits } from './warm-up.js';

/** @throws data or checkpoint error when `dir` is no fine-tuned run, or one without what serving needs */
export async function openRunPredictor(dir: string, options: OpenPredictorOptions): Promise<Predictor> {
  const run = await openStatedRun(dir);
  const { task, manifest, model, file, modelConfig } = run;
  const maxHistory = historyRead(run);
  const compiled = (fn: TaskModel['predict'], name: string): Forward => createForward<TaskParameters>({ name, device: options.device, parameters: [run.parameters], quantize: options.quantize, fn });
  const forward = compiled(model.predict, 'prediction');
  const attention = model.explain && compiled(model.explain, 'explanation');
  const { readVisits, sourceOf, warmUp } = servedVisits(run, maxHistory);
  const score = ({ visits, histories, rows }: Visits): Promise<Float32Array> => probabilitiesOf(rows, { task: task.over(histories), source: sourceOf(visits), forward });

  const ranked = rankingOf({ labels: file.labels, isPredicted: (probability) => probability > file.threshold });

  const predict = async (records: readonly ClinicalRecord[], top?: number): Promise<Read> => {
    if (maxHistory) records.forEach(expectHistory);
    const visits = await readVisits(records);
    const scores = await score(visits);
    const predictions = records.map((_, r): Prediction => ({
      codes: ranked(scores.subarray(r * file.labels.length), top),
      unknownCodes: visits.unknownCodes[r]!,
      truncated: visits.truncated[r]!,
    }));
    return { visits, predictions };
  };
  const explain = attention && (await explainer(run, { predict, sourceOf, attention }));

  return {
    card: cardOf(manifest, {
      task: task.name, labels: file.labels,
      inputs: [...task.inputs, ...(maxHistory ? ['history'] : [])],
      maxTokens: task.inputs.includes('text') ? modelConfig.text.max_tokens : undefined,
    }),
    batchSize: LARGEST_BATCH,
    predict: async (records, top) => (await predict(records, top)).predictions,
    ...(explain && { explain }),
    async warmUp() {
      for (const visits of warmUp()) await score(visits);
    },
    dispose() {
      forward.dispose();
      attention?.dispose();
    },
  };
}

type Visits = Pick<RecordVisits, 'visits' | 'histories' | 'rows'>;

interface Read {
  visits: RecordVisits;
  predictions: Prediction[];
}

/** Past visits that a prediction reads at most. */
const historyRead = ({ task, config }: StatedRun): number => (task.name === 'medication' ? config.medication.max_history : 0);

function expectHistory({ history }: ClinicalRecord): void {
  if (!history?.length) throw dataError('history: medication recommendation reads the past visits, and this record has none; give at least one');
}

/** Reading records, and batches of them in a few fixed shapes. */
function servedVisits({ modelConfig, task, vocabulary, tokenizer, prepared }: StatedRun, maxHistory: number) {
  const shapes = servingShapes(modelConfig, vocabulary, maxHistory + 1);
  const [chunking, withText] = [chunkingOf(modelConfig.text), task.inputs.includes('text')];
  return {
    readVisits: createVisitReader({ vocabulary, tokenizer, prepared, inputs: task.inputs, chunking, maxHistory }),
    sourceOf: (visits: RecordVisits['visits']): VisitSource => createVisitSource(visits, { model: modelConfig, batchSize: shapes.batchSizes.at(-1)!, withText, shapes }),
    warmUp: (): Iterable<Visits> => warmUpVisits(shapes, { chunking, withText, withHistory: maxHistory > 0, vocabulary, tokenizer }),
  };
}

interface ExplainerParts {
  predict: (records: readonly ClinicalRecord[]) => Promise<Read>;
  sourceOf: (visits: RecordVisits['visits']) => VisitSource;
  attention: Forward;
}

async function explainer({ dir, file, task, config, prepared }: StatedRun, { predict, sourceOf, attention }: ExplainerParts): Promise<NonNullable<Predictor['explain']>> {
  const locate = await createPieceLocator(path.join(dir, 'tokenizer.json'));
  const labelOf = new Map(file.labels.map(({ system, code }, label) => [`${system} ${code}`, label]));
  const rule = spanRules[config.evidence.weight > 0 ? 'taught' : 'untaught'];
  return async (records, top): Promise<Explanation[]> => {
    const { visits: { rows, visits, histories }, predictions } = await predict(records);
    const chosen = predictions.map(({ codes }) => codes
      .filter(({ predicted }, rank) => rank < top || predicted)
      .map((code) => ({ ...code, kind: code.kind ?? '', label: labelOf.get(`${code.system} ${code.code}`)! })));
    const recordOf = new Map(Array.from(rows, (row, r) => [row, r]));
    const weights = await attend(rows, {
      task: task.over(histories), source: sourceOf(visits), forward: attention, tokens: visits.tokens,
      labelsOf: (row) => chosen[recordOf.get(row)!]!.map(({ label }) => label),
    });
    const located = await locate(records.map(({ text = '' }) => cleanNote(text, prepared.text)));
    return records.map(({ id = '', text = '' }, r) => {
      const { note } = explainNote({ id, visit: { text, evidence: [] }, pieces: located[r]!, codes: chosen[r]!, attention: weights.get(rows[r]!)!, rule });
      return { ...predictions[r]!, note };
    });
  };
}
