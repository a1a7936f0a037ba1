/** Strict precision, recall and F1 of mentions: right when start, end and type are the annotated ones (seqeval's strict IOB2 mode, i2b2's exact match). */
import type { Mention } from './corpus.js';

export interface SpanFigures {
  precision: number;
  recall: number;
  f1: number;
  /** Numbers of mentions. */
  gold: number;
  predicted: number;
  correct: number;
}

export interface SpanReport {
  /** Over the mentions of all types. */
  micro: SpanFigures;
  by_type: Record<string, SpanFigures>;
}

/** The mentions of one note. */
export interface NoteMentions {
  gold: readonly Mention[];
  predicted: readonly Mention[];
}

type Counts = Pick<SpanFigures, 'gold' | 'predicted' | 'correct'>;

const keyOf = ({ start, end, type }: Mention): string => `${start} ${end} ${type}`;

function countsOf(notes: readonly NoteMentions[], wanted: (mention: Mention) => boolean): Counts {
  const counts: Counts = { gold: 0, predicted: 0, correct: 0 };
  for (const { gold, predicted } of notes) {
    const [golds, predictions] = [gold, predicted].map((mentions) => new Set(mentions.filter(wanted).map(keyOf))) as [Set<string>, Set<string>];
    counts.gold += golds.size;
    counts.predicted += predictions.size;
    for (const key of predictions) if (golds.has(key)) counts.correct++;
  }
  return counts;
}

/** 0 where there is nothing to divide by. */
function figuresOf({ gold, predicted, correct }: Counts): SpanFigures {
  const precision = predicted ? correct / predicted : 0;
  const recall = gold ? correct / gold : 0;
  return { precision, recall, f1: correct ? (2 * precision * recall) / (precision + recall) : 0, gold, predicted, correct };
}

export function spanF1(notes: readonly NoteMentions[], types: readonly string[]): SpanReport {
  return {
    micro: figuresOf(countsOf(notes, () => true)),
    by_type: Object.fromEntries(types.map((type) => [type, figuresOf(countsOf(notes, (mention) => mention.type === type))])),
  };
}
