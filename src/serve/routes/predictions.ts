/** `POST /invocations` (MLflow's scoring protocol) and `POST /v1/explain`. */
import type { FastifyInstance } from 'fastify';
import type { PredictorCard } from '../../../finetune/predictor/index.js';
import { explainedAnswer, scoredAnswer } from '../answers.js';
import { createHierarchies } from '../hierarchy.js';
import type { Limits } from '../limits.js';
import { documented } from '../openapi.js';
import { readExplain, readInvocation, type RecordRules } from '../records.js';
import { explainAnswer, explainSchema, invocationAnswer, invocationDocumented, type ExplainAnswer, type InvocationAnswer } from '../schemas.js';
import type { Work } from '../work.js';

export interface PredictionRoutes {
  work: Work;
  card: PredictorCard;
  limits: Limits;
}

const REFUSALS = [400, 401, 403, 413, 415, 422, 500, 503] as const;

export function addPredictions(app: FastifyInstance, { work, card, limits }: PredictionRoutes): void {
  const rules: RecordRules = { limits, needsHistory: card.inputs.includes('history') };
  const hierarchies = createHierarchies(card.systems);

  app.post('/invocations', documented({
    summary: 'Codes with scores, by MLflow\'s scoring protocol', tag: 'predictions',
    body: invocationDocumented(limits), answer: invocationAnswer, refusals: REFUSALS,
  }), async (request, reply): Promise<InvocationAnswer> => {
    const { records, ...choice } = readInvocation(request.body, rules);
    request.records = records.length;
    const predictions = await work.predict(records.map(({ record }) => record), choice.threshold === undefined ? choice.top : Infinity, reply);
    return { predictions: predictions.map((prediction, i) => scoredAnswer(prediction, records[i]!, { ...choice, hierarchies })) };
  });

  app.post('/v1/explain', documented({
    summary: 'Codes of one record with their place in the hierarchy and their evidence in the text', tag: 'predictions',
    body: explainSchema, answer: explainAnswer, refusals: [...REFUSALS, 409],
  }), async (request, reply): Promise<ExplainAnswer> => {
    const { top, ...read } = readExplain(request.body, rules);
    request.records = 1;
    const [explanation] = await work.explain([read.record], top, reply);
    return explainedAnswer(explanation!, read, hierarchies);
  });
}
