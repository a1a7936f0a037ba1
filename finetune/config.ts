/** Configuration of fine-tuning: the slice under the key `finetune` of a run's YAML file. */
import { z } from 'zod';
import { leakNames } from '../src/leaks/index.js';
import { freezeSchema } from '../src/training/freeze.js';
import { trainingSchema } from '../src/training/loop.js';
import { optimizerSchema } from '../src/training/optimizer.js';

const modality = z.enum(['text', 'dx', 'rx', 'px']);
export type Input = z.output<typeof modality>;

const codeKind = z.enum(['dx', 'rx', 'px']);

const labelsFields = z.strictObject({
  /** Whose codes are the labels; `[dx, px]`: diagnoses and procedures in one list, as MIMIC-III-full. */
  kinds: z.array(codeKind).min(1).optional(),
  /** The same for one kind. */
  kind: codeKind.optional(),
  /** Training visits that must carry a code before it becomes a label. */
  min_count: z.int().min(1).default(1),
  /** Only the most frequent labels, of all kinds together (CAML's top 50). */
  top: z.int().positive().optional(),
  /** Only codes within these nodes of their hierarchies, as `medweave ontology` prints them (`K00-K95`), or that begin with a letter (`K`). */
  within: z.array(z.string().min(1)).min(1).optional(),
  /**
   * Codes of the vocabulary that no training visit carries (`prepare.codes.extra`) are labels too; they are scored by their place in the hierarchy
   * and by their titles (docs/decisions/0071).
   */
  extra: z.boolean().default(false),
  /** Visits that carry none of the labels: `all` keeps them, as negatives; `with-label` leaves them out, in every split. */
  visits: z.enum(['all', 'with-label']).default('all'),
  /** `all` codes of the kinds are gold, those outside the label space too (they lower recall); `labels`: the labels alone, as benchmarks with a fixed list have it. */
  gold: z.enum(['all', 'labels']).default('all'),
});

const labelsSchema = labelsFields
  .refine(({ kind, kinds }) => !kind || !kinds, { path: ['kind'], message: 'kind and kinds say the same; set one of them' })
  .refine(({ kinds = [] }) => new Set(kinds).size === kinds.length, { path: ['kinds'], message: 'a kind is named twice' })
  .transform(({ kind = 'dx', kinds = [kind], ...labels }) => ({ ...labels, kinds }));

const headSchema = z.strictObject({
  /**
   * `label-attention`: each label reads the tokens for itself; `mlp`: a perceptron on the visit vectors (MedM-PLM eq. 11–16). The others are published heads
   * of ICD coding from the note alone (docs/heads.md).
   */
  kind: z.enum(['label-attention', 'mlp', 'per-icd', 'caml', 'laat', 'plm-icd', 'plm-ca', 'cls']).default('label-attention'),
  /** Share of the head's inputs set to 0 in training. */
  dropout: z.number().min(0).lt(1).default(0.2),
  /**
   * What labels have in common beside parameters of their own. `codes`: their code embeddings, hierarchy and pre-training included; `titles`: the words
   * of their titles; `free`: nothing. By default `codes` for label-attention, `free` for the published heads, as published.
   */
  label_embeddings: z.enum(['codes', 'titles', 'codes+titles', 'free']).optional(),
  /**
   * Notes in several chunks. `attend`: each label attends to the tokens of all chunks (PLM-ICD); `max`: each chunk is read by
   * itself and a label gets its highest score (mimic-icd-coder). For ICD coding.
   */
  chunks: z.enum(['attend', 'max']).default('attend'),
  /** `laat`: in which queries and tokens are matched (the paper's d_a, 256 and 512); by default as wide as `model.reader`. */
  attention_width: z.int().positive().optional(),
  /** Readmission by label attention: how many learned queries read the visit. */
  queries: z.int().positive().default(16),
});

/** Span-level training: the attention of each code is drawn to the words that annotators marked as its evidence. */
const evidenceSchema = z
  .strictObject({
    /** Of its loss beside that of the codes; 0: none. */
    weight: z.number().min(0).default(0),
    /** Directory of the store that the data was prepared from, which has the notes and the marks. */
    store: z.string().nullable().default(null),
  })
  .refine(({ weight, store }) => weight === 0 || store !== null, { path: ['store'], message: 'is missing: the store that the data was prepared from, whose evidence the attention is drawn to' });

/** Which discharges count, and when one is followed by a readmission (every group defines it otherwise). */
const readmissionSchema = z.strictObject({
  /** Days from discharge within which the next admission counts. */
  window_days: z.number().positive().default(30),
  /** Leave out admissions of type NEWBORN. */
  drop_newborns: z.boolean().default(true),
  /** Leave out stays that end in death in hospital: nobody comes back. */
  drop_deaths: z.boolean().default(true),
  /** An elective next admission is no readmission (the discharge is kept, as negative). */
  ignore_elective: z.boolean().default(true),
  /** Leave out discharges whose window ends after this date (ISO 8601), when observation ended; MIMIC's dates are shifted, so null. */
  censor_after: z.iso.date().nullable().default(null),
  /** `one-to-one`: as many negatives as positives, drawn by the seed, in every split. */
  balance: z.enum(['none', 'one-to-one']).default('none'),
});

const medicationSchema = z.strictObject({
  /** What of the visit itself is known when its medications are chosen. `text`, its discharge summary, is the released code's leak. */
  current: z.array(z.enum(['dx', 'px', 'text'])).default(['dx']),
  /** `released`: for patients of three or more visits the visit's own medications are among the history, as the released code does. */
  history: z.enum(['past', 'released']).default('past'),
  /** Past visits that are read, the latest. */
  max_history: z.int().positive().default(12),
});

/** Numbers of EHRSHOT's experiments; any other will do too. */
const shots = z.int().positive();

export const finetuneSchema = z.strictObject({
  /** What the model may read: of the visit (ICD coding, readmission) or of the past visits (medication); by default what the task allows. */
  inputs: z.array(modality).min(1).optional(),
  /** ICD coding: which codes are predicted. */
  labels: labelsSchema.prefault({}),
  readmission: readmissionSchema.prefault({}),
  /** Medication recommendation: what is known of the patient. */
  medication: medicationSchema.prefault({}),
  /** Share of the labelled training patients that is used: stratified by label, nested. */
  fraction: z.number().gt(0).max(1).default(1),
  /** `prefix`: the first rows of the table, as the released code's `--partion`. */
  fraction_by: z.enum(['sample', 'prefix']).default('sample'),
  /** Readmission: this many positives and as many negatives, for training and again for dev (EHRSHOT); null: all. */
  shots: shots.nullable().default(null),
  /** Training patients that are not learnt from, one fold of several (`medweave crossfit`). */
  hold_out: z
    .strictObject({
      /** Which fold, from 0. */
      fold: z.int().min(0),
      /** How many there are. */
      of: z.int().min(2),
    })
    .nullable()
    .default(null),
  /** Leaks that a protocol reproduces on purpose; any other stops the run. */
  allow_leaks: z.array(z.enum(leakNames)).default([]),
  /** What predicts from the encoded visit. */
  head: headSchema.prefault({}),
  /** ICD coding by label attention, where the store has evidence spans (CodiEsp). */
  evidence: evidenceSchema.prefault({}),
  /** Measured on dev for early stopping; `auto`: micro_auc for readmission, map for the others. */
  select_by: z.enum(['auto', 'map', 'micro_f1', 'micro_auc']).default('auto'),
  freeze: freezeSchema,
  training: trainingSchema.extend({ batch_size: z.int().positive().default(16), epochs: z.int().positive().default(20), patience: z.int().min(0).default(4) }).prefault({}),
  optimizer: optimizerSchema.prefault({}),
});

export type FinetuneConfig = z.output<typeof finetuneSchema>;
