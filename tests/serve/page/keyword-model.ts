/** A model that finds words: what the page shows of its answers can be told by reading. */
import type { ClinicalRecord, Explanation, PredictedCode, Prediction, Predictor, PredictorCard } from '../../../finetune/predictor/index.js';

interface Keyword {
  system: string;
  code: string;
  title: string;
  words: readonly string[];
  probability: number;
}

const KEYWORDS: readonly Keyword[] = [
  { system: 'icd10cm', code: 'E11.9', title: 'Type 2 diabetes mellitus without complications', words: ['diabetes', 'metformin'], probability: 0.93 },
  { system: 'icd10cm', code: 'I10', title: 'Essential (primary) hypertension', words: ['hypertension', '💊'], probability: 0.71 },
  { system: 'icd10cm', code: 'G20', title: 'Parkinson’s disease', words: ['señor', '💊'], probability: 0.55 },
  { system: 'icd10cm', code: 'J18.9', title: 'Pneumonia, unspecified organism', words: ['cough'], probability: 0.24 },
];

const CARD: PredictorCard = { command: 'finetune', task: 'icd-coding', inputs: ['text', 'rx'], labels: KEYWORDS.length, systems: ['icd10cm'], maxTokens: 500, version: '1.2.3' };

/** Half-open ranges of code points; the first word of a code counts twice as much as each further one. */
function spansOf(text: string, { words }: Keyword) {
  const found = words.flatMap((word, n) => {
    const at = text.indexOf(word);
    const start = Array.from(text.slice(0, at)).length;
    return at < 0 ? [] : [{ start, end: start + Array.from(word).length, weight: n ? 1 : 2, source: 'words' }];
  });
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  return found.map((span) => ({ ...span, weight: span.weight / total }));
}

const codesOf = (text: string): (PredictedCode & { keyword: Keyword })[] =>
  KEYWORDS.filter((keyword) => spansOf(text, keyword).length).map((keyword) =>
    ({ keyword, kind: 'dx', system: keyword.system, code: keyword.code, title: keyword.title, probability: keyword.probability, predicted: keyword.probability > 0.5 }));

const predictionOf = ({ history, text = history?.[0]?.text ?? '', codes = [] }: ClinicalRecord): Prediction => ({
  codes: codesOf(text).map(({ keyword: _, ...code }) => code),
  unknownCodes: codes.filter(({ code }) => code.startsWith('X')),
  truncated: text.length > 500,
});

function explanationOf(record: ClinicalRecord): Explanation {
  const text = record.text ?? '';
  const codes = codesOf(text).map(({ keyword, ...code }) => ({ ...code, kind: 'dx', spans: spansOf(text, keyword) }));
  return { ...predictionOf(record), note: { id: '', text, codes } };
}

const noMore = (): undefined => undefined;

export const keywordModel = (card: Partial<PredictorCard> = {}): Predictor => ({
  card: { ...CARD, ...card },
  batchSize: 7,
  predict: async (records) => records.map(predictionOf),
  explain: async (records) => records.map(explanationOf),
  warmUp: async () => undefined,
  dispose: noMore,
});

/** Reads past visits, and shows no evidence. */
export const historyModel = (): Predictor => ({ ...keywordModel({ task: 'medication', inputs: ['text', 'dx', 'rx', 'history'] }), explain: undefined });

/** One probability, no code system, no evidence. */
export const readmissionModel = (): Predictor => ({
  card: { ...CARD, task: 'readmission', labels: 1, systems: ['task'] },
  batchSize: 7,
  predict: async (records) => records.map(() => ({ codes: [{ system: 'task', code: 'readmitted', title: 'readmitted within 30 days', probability: 0.37, predicted: true }], unknownCodes: [], truncated: false })),
  warmUp: async () => undefined,
  dispose: noMore,
});
