/** Predictions → what clients get. */
import type { Explanation, GivenCode, PredictedCode, Prediction } from '../../finetune/predictor/index.js';
import type { Hierarchies } from './hierarchy.js';
import type { ReadRecord } from './records.js';
import type { ExplainAnswer, InvocationAnswer } from './schemas.js';

export interface Choice {
  /** Most probable codes to give. */
  top: number;
  /** Instead of the model's own rule; decided for when strictly above. */
  threshold?: number;
  /** With titles and places in the hierarchy. */
  describe: boolean;
}

const spelled = ({ system, code }: GivenCode): string => `${system}:${code}`;

const named = ({ id }: ReadRecord): { id?: string | number } => (id === undefined ? {} : { id });

/** A code as people read it. */
function described({ kind, system, code, title }: Pick<PredictedCode, 'kind' | 'system' | 'code' | 'title'>, hierarchies: Hierarchies) {
  const known = title ?? hierarchies.titleOf(system, code);
  return { ...(kind && { kind }), ...(known !== undefined && { title: known }), hierarchy: hierarchies.pathOf(system, code, known) };
}

/** MLflow's scoring protocol, one record. */
export function scoredAnswer({ codes, unknownCodes, truncated }: Prediction, record: ReadRecord, { top, threshold, describe, hierarchies }: Choice & { hierarchies: Hierarchies }): InvocationAnswer['predictions'][number] {
  const isDecided = ({ probability, predicted }: PredictedCode): boolean => (threshold === undefined ? predicted : probability > threshold);
  const given = codes.filter((code, rank) => rank < top || isDecided(code));
  return {
    ...named(record),
    codes: given.map(({ code }) => code),
    systems: given.map(({ system }) => system),
    scores: given.map(({ probability }) => probability),
    thresholded: given.filter(isDecided).map(({ code }) => code),
    ...(describe && { described: given.map((code) => described(code, hierarchies)) }),
    ...(unknownCodes.length && { unknown_codes: unknownCodes.map(spelled) }),
    ...(truncated && { truncated }),
  };
}

export function explainedAnswer({ note, unknownCodes, truncated }: Explanation, record: ReadRecord, hierarchies: Hierarchies): ExplainAnswer {
  return {
    ...named(record),
    codes: note.codes.map(({ spans, ...code }) => ({
      ...described(code, hierarchies),
      system: code.system,
      code: code.code,
      score: code.probability,
      predicted: code.predicted,
      spans: spans.map(({ start, end, weight, source }) => ({ start, end, weight, source })),
    })),
    unknown_codes: unknownCodes.map(spelled),
    truncated,
  };
}
