/** What the model is (`GET /v1/model`), and synthetic notes to try it on (`GET /v1/examples`). */
import type { FastifyInstance } from 'fastify';
import type { Predictor } from '../../../finetune/predictor/index.js';
import { exampleNotes } from '../examples.js';
import type { Limits } from '../limits.js';
import { documented } from '../openapi.js';
import { examplesAnswer, modelAnswer, type ModelAnswer } from '../schemas.js';

export interface ModelRoutes {
  predictor: Predictor;
  limits: Limits;
}

const EXAMPLES = { count: 6, seed: 1, words: 180 };

export function addModel(app: FastifyInstance, { predictor, limits }: ModelRoutes): void {
  const model = modelOf({ predictor, limits });
  const examples = exampleNotes({ ...EXAMPLES, inputs: predictor.card.inputs });
  app.get('/v1/model', documented({ summary: 'The model\'s card', tag: 'model', answer: modelAnswer, refusals: [401, 403] }), async () => model);
  app.get('/v1/examples', documented({ summary: 'Synthetic notes to try', tag: 'model', answer: examplesAnswer, refusals: [401, 403] }), async () => examples);
}

function modelOf({ predictor: { card, explain }, limits: { maxText, maxRecords, maxBody } }: ModelRoutes): ModelAnswer {
  const { command, task, inputs, labels, systems, maxTokens, licenceNotice, doNotShare, version } = card;
  return {
    command, task, inputs: [...inputs], labels, systems: [...systems], version,
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    explains: explain !== undefined,
    ...(licenceNotice !== undefined && { licence_notice: licenceNotice }),
    do_not_share: doNotShare ?? false,
    limits: { max_text: maxText, max_records: maxRecords, max_body: maxBody },
  };
}
