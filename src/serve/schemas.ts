/** What goes in and what comes out, as zod schemas: they check requests and are what `/openapi.json` shows. */
import { z } from 'zod';
import { recordFields, recordSchema } from '../../finetune/predictor/record-schema.js';
import { DEFAULT_TOP, MAX_TOP, type Limits } from './limits.js';

const top = z.int().min(0).max(MAX_TOP).describe('How many of the most probable codes to give; all that the model decides for are given in any case.');

export const invocationParams = z.strictObject({
  top: top.default(DEFAULT_TOP),
  threshold: z.number().min(0).max(1).nullish().describe('Decide for codes with a score above this, instead of by the model\'s own rule.'),
  describe: z.boolean().default(false).describe('Also give titles and places in the hierarchy.'),
});

const params = invocationParams.nullish();

/** Its elements are looked at one by one afterwards, so that errors name their place, and not at all where there are too many. */
const list = z.custom<unknown[]>((value) => Array.isArray(value), { error: 'expected an array' });

/** MLflow's scoring protocol: exactly one of the three. */
export const invocationSchema = z.strictObject({
  dataframe_records: list.optional(),
  dataframe_split: z.strictObject({ columns: z.array(z.string().max(200)).max(20), index: list.nullish(), data: list }).optional(),
  instances: list.optional(),
  params,
});

const columns = z.array(z.enum(['text', 'codes', 'history', 'id'])).meta({ uniqueItems: true });
const index = z.array(z.unknown()).nullish();

/** The same for people and generators. */
export const invocationDocumented = ({ maxRecords }: Limits): z.ZodType => {
  const records = z.array(recordSchema).max(maxRecords);
  return z.union([
    z.strictObject({ dataframe_records: records, params }),
    z.strictObject({ instances: records, params }),
    z.strictObject({ dataframe_split: z.strictObject({ columns, index, data: z.array(z.array(z.unknown())).max(maxRecords) }).describe('A table whose columns are fields of records.'), params }),
  ]);
};

export const explainSchema = z.strictObject({ ...recordFields, top: top.nullish() });

const unknownCodes = z.array(z.string()).describe('Given codes that the model does not know, and has not read, as `system:code`.');
const truncated = z.boolean().describe('The text is longer than what the model reads.');
const score = z.number().min(0).max(1).describe('Probability.');

const titled = z.strictObject({ code: z.string(), title: z.string().optional() });

/** A code as people read it. */
const described = {
  kind: z.string().optional(),
  title: z.string().optional(),
  hierarchy: z.array(titled).describe('From the top of the code system down to the code itself.'),
};

export const invocationAnswer = z.strictObject({
  predictions: z.array(z.strictObject({
    id: recordFields.id.optional(),
    codes: z.array(z.string()).describe('Canonical, by falling score.'),
    systems: z.array(z.string()).describe('The code system of each.'),
    scores: z.array(score),
    thresholded: z.array(z.string()).describe('Those that the model decides for.'),
    described: z.array(z.strictObject(described)).optional().describe('Of each code, where `params.describe` is set.'),
    unknown_codes: unknownCodes.optional(),
    truncated: truncated.optional(),
  })),
});
export type InvocationAnswer = z.input<typeof invocationAnswer>;

export const explainAnswer = z.strictObject({
  id: recordFields.id.optional(),
  codes: z.array(z.strictObject({
    ...described,
    system: z.string(),
    code: z.string(),
    score,
    predicted: z.boolean().describe('By the model\'s own rule.'),
    spans: z.array(z.strictObject({
      start: z.int().min(0),
      end: z.int().min(0).describe('Exclusive.'),
      weight: z.number().describe('Share of the code\'s evidence, 0–1.'),
      source: z.string().describe('What found it.'),
    })).describe('Half-open ranges of Unicode code points of the raw text.'),
  })),
  unknown_codes: unknownCodes,
  truncated,
});
export type ExplainAnswer = z.input<typeof explainAnswer>;

export const modelAnswer = z.strictObject({
  command: z.string().describe('Which command of medweave made it.'),
  task: z.string(),
  inputs: z.array(z.string()).describe('What it reads: `text`, kinds of codes (`dx`, `px`, `rx`), `history`.'),
  labels: z.int(),
  systems: z.array(z.string()).describe('Code systems of the labels.'),
  max_tokens: z.int().optional().describe('Pieces of the text that it reads at most.'),
  explains: z.boolean().describe('Whether `/v1/explain` answers.'),
  version: z.string(),
  licence_notice: z.string().optional().describe('What the owners of the training data ask.'),
  do_not_share: z.boolean().describe('The training data is credentialed: the model and what it says stay among those who may read it.'),
  limits: z.strictObject({ max_text: z.int().describe('Code points.'), max_records: z.int(), max_body: z.int().describe('Bytes.') }),
});
export type ModelAnswer = z.input<typeof modelAnswer>;

export const examplesAnswer = z.array(z.strictObject({
  name: z.string(),
  text: z.string(),
  codes: z.array(z.strictObject({ kind: z.string(), system: z.string(), code: z.string(), title: z.string() })),
})).describe('Synthetic: nobody\'s notes.');
export type ExamplesAnswer = z.input<typeof examplesAnswer>;

export const statusAnswer = z.strictObject({ status: z.string() });
