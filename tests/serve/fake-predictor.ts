/** A predictor without a model: its codes are a function of the record's text, and it says when it is called against its contract. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClinicalRecord, Explanation, PredictedCode, Prediction, Predictor, PredictorCard } from '../../finetune/predictor/index.js';

export interface FakeOptions {
  ms?: number;
  /** What it cannot read. */
  fails?: (record: ClinicalRecord) => boolean;
  explains?: boolean;
  inputs?: readonly string[];
  warmUp?: () => Promise<void>;
  card?: Partial<PredictorCard>;
}

export interface FakePredictor extends Predictor {
  /** Records of each call. */
  calls: (readonly ClinicalRecord[])[];
}

/** Probability of a code of a text: its share of the letter that the code ends with. */
const shareOf = (text: string, letter: string): number => (text ? [...text].filter((one) => one === letter).length / [...text].length : 0);

const LABELS = [
  { kind: 'dx', system: 'icd10cm', code: 'E11.9', letter: 'a', title: 'Type 2 diabetes mellitus without complications' },
  { kind: 'dx', system: 'icd10cm', code: 'I10', letter: 'b' },
  { kind: 'px', system: 'icd10pcs', code: '0DTJ4ZZ', letter: 'c' },
  { kind: 'dx', system: 'icd10cm', code: 'J44.9', letter: 'd' },
];
const THRESHOLD = 0.25;
const MAX_LETTERS = 1000;

function predictionOf({ text = '', codes = [] }: ClinicalRecord): Prediction {
  const scored = LABELS.map(({ letter, ...label }): PredictedCode => {
    const probability = shareOf(text, letter);
    return { ...label, probability, predicted: probability > THRESHOLD };
  });
  return {
    codes: scored.sort((a, b) => b.probability - a.probability),
    unknownCodes: codes.filter(({ system }) => system !== 'atc'),
    truncated: text.length > MAX_LETTERS,
  };
}

function explanationOf(record: ClinicalRecord, top: number): Explanation {
  const prediction = predictionOf(record);
  const characters = [...(record.text ?? '')];
  const codes = prediction.codes.filter(({ predicted }, rank) => rank < top || predicted).map((code) => {
    const { letter } = LABELS.find((label) => label.code === code.code)!;
    const at = characters.indexOf(letter);
    return { ...code, kind: code.kind ?? '', spans: at < 0 ? [] : [{ start: at, end: at + 1, weight: 1, source: 'letter' }] };
  });
  return { ...prediction, note: { id: record.id ?? '', text: record.text ?? '', codes } };
}

export function fakePredictor({ ms = 1, fails = () => false, explains = true, inputs = ['text', 'rx'], warmUp = () => Promise.resolve(), card }: FakeOptions = {}): FakePredictor {
  const calls: (readonly ClinicalRecord[])[] = [];
  let working = false;
  const work = async <Result>(records: readonly ClinicalRecord[], each: (record: ClinicalRecord) => Result): Promise<Result[]> => {
    if (working) throw new Error('called while it works');
    working = true;
    calls.push(records);
    try {
      await delay(ms);
      if (records.some(fails)) throw new Error(`cannot read ${JSON.stringify(records)}\n    at ${JSON.stringify(records)}`);
      return records.map(each);
    } finally {
      working = false;
    }
  };
  return {
    card: { command: 'finetune', task: 'icd-coding', inputs, labels: LABELS.length, systems: ['icd10cm', 'icd10pcs'], maxTokens: 512, version: '1.2.3', ...card },
    batchSize: 8,
    calls,
    predict: (records) => work(records, predictionOf),
    ...(explains && { explain: (records: readonly ClinicalRecord[], top: number) => work(records, (record) => explanationOf(record, top)) }),
    warmUp,
    dispose: () => undefined,
  };
}
