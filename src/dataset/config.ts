/** Configuration of `prepare`: the slice under the key `prepare` of a run's YAML file. */
import { z } from 'zod';
import { deidentificationChoices } from './text/clean.js';

export const codeKinds = ['dx', 'rx', 'px'] as const;
export type CodeKind = (typeof codeKinds)[number];

export const splitNames = ['train', 'dev', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

const cohortSchema = z.strictObject({
  /** What every visit must have (`icd`: a diagnosis or a procedure); visits with nothing at all are always left out. */
  require: z.array(z.enum(['text', 'codes', 'icd', ...codeKinds])).default([]),
  /** Smallest number of visits a patient must have left after the other rules. */
  min_visits: z.int().min(1).default(1),
  /** Leave out admissions of type NEWBORN, as ClinicalBERT does. */
  drop_newborns: z.boolean().default(false),
});

/**
 * Diagnoses and procedures that stay in the data; all others are left out, gold included, as benchmarks with a fixed list of labels do. Visits are
 * counted over the cohort, all splits together: as published, though test visits have their say in it.
 */
const keepSchema = z.strictObject({
  /** Code systems: `[icd10cm, icd10pcs]` of a source that has ICD-9 too. */
  systems: z.array(z.string()).min(1).optional(),
  /** These codes alone, in canonical form. */
  only: z.array(z.string()).min(1).optional(),
  /** Codes that at least so many visits carry; visits that do not have what `cohort.require` asks for without the others are left out in turn. */
  min_visits: z.int().min(1).default(1),
});

const codesSchema = z.strictObject({
  keep: keepSchema.prefault({}),
  /** Diagnoses as they are, or cut to their category: three characters of ICD-10-CM, three to four of ICD-9-CM. */
  dx: z.enum(['full', 'category']).default('full'),
  /** Procedures as they are, or cut to their category. */
  px: z.enum(['full', 'category']).default('full'),
  /** Medications: levels 3, 4, 5 are prefixes of 4, 5, 7 characters; codes known only at a coarser level stay as they are. */
  atc_level: z.union([z.literal(3), z.literal(4), z.literal(5)]).default(3),
  /** Training visits that must have a code before it enters the vocabulary. */
  min_count: z.int().min(1).default(1),
  /** Most codes of one kind, the most frequent kept. */
  max_vocabulary: z.int().min(1).optional(),
  /**
   * Codes that enter the vocabularies though no training visit carries them, so that they can be predicted all the same (`finetune.labels.extra`):
   * tables of a system's codes and titles (a CMS order file, d_icd_diagnoses or d_icd_procedures of MIMIC), or a `.tsv` of `code<TAB>title`, the
   * title where there is one.
   */
  extra: z
    .array(
      z.strictObject({
        /** Whose vocabulary. */
        kind: z.enum(codeKinds),
        /** The code system. */
        system: z.string(),
        /** The table. */
        file: z.string(),
      }),
    )
    .default([]),
});

const textFields = z.strictObject({
  /** What becomes of the markers that de-identification left in place of names and dates: blanked, each replaced by the same one token, or left as they are. */
  deidentification: z.enum(deidentificationChoices).default('drop'),
  /** The older name: `true` is `deidentification: drop`, `false` is `keep`. */
  drop_deidentification: z.boolean().optional(),
  /** Remove section headings such as `History of Present Illness:`. */
  drop_headers: z.boolean().default(false),
  /** Leave out notes charted more than this many days after discharge; notes or visits without a time stay. */
  charted_within_days: z.number().min(0).optional(),
});

const textSchema = textFields.transform(({ drop_deidentification: drop, ...text }) => (drop === undefined ? text : { ...text, deidentification: drop ? ('drop' as const) : ('keep' as const) }));

const tokenizerSchema = z.strictObject({
  /**
   * An existing tokenizer, of any kind: a `tokenizer.json`, `vocab.txt` or `vocab.json` (with `merges.txt`), a checkpoint's folder, or its name
   * on the Hugging Face hub; by default that of `model.text.checkpoint`. The other fields of this section then do nothing.
   */
  from: z.string().optional(),
  /** Word pieces to learn, at most. */
  vocabulary_size: z.int().min(100).default(16_000),
  /** Occurrences in the training text that a pair needs before it becomes a word piece. */
  min_frequency: z.int().min(1).default(2),
  /** Capitals become small letters. */
  lowercase: z.boolean().default(true),
  /** Off: `año` and `ano` are different Spanish words. BERT's uncased English models have it on. */
  strip_accents: z.boolean().default(false),
});

/** Published splits: files of ids, `.csv` or `.tsv` (`.gz` too; with column names or without), `.parquet` or `.feather`. */
const listsSchema = z.strictObject({
  /** One file for each split. */
  train: z.string().optional(),
  /** Of dev. */
  dev: z.string().optional(),
  /** Of test. */
  test: z.string().optional(),
  /** Or one file, with a column that names the split (`val` is dev). */
  file: z.string().optional(),
  /** With `file`: the column that names the split. */
  split_column: z.string().default('split'),
  /** The column of ids; in a file without column names the first. */
  column: z.string().default('hadm_id'),
  /** Whose ids they are. */
  unit: z.enum(['visit', 'patient']).default('visit'),
});

const splitSchema = z
  .strictObject({
    /**
     * `patient`: patients drawn by ratio; `stratified`: so that each diagnosis and procedure has its share in every split (Sechidis et al. 2011), by
     * patient too; `list`: published lists of ids, visits in none of them left out; `source`: the official split of the source; `visit`: visits drawn by ratio, as released code does:
     * patients leak, so that fine-tuning refuses the data unless `finetune.allow_leaks` names `patient-overlap`.
     */
    by: z.enum(['patient', 'stratified', 'list', 'source', 'visit']).default('patient'),
    lists: listsSchema.prefault({}),
    /** Share of the patients (`visit`: of the visits) in training; the three shares add up to 1. */
    train: z.number().min(0).max(1).default(0.8),
    /** Share in dev. */
    dev: z.number().min(0).max(1).default(0.1),
    /** Share in test. */
    test: z.number().min(0).max(1).default(0.1),
    /** Of the draw; `--seed` sets it too. */
    seed: z.int().default(0),
    /** With `by: source`, which split each official split becomes, e.g. `{ dev: test }`. */
    rename: z.partialRecord(z.enum(splitNames), z.enum(splitNames)).prefault({}),
    /** With `by: source` or `list`, the share of training patients that moves to dev. */
    dev_from_train: z.number().min(0).max(0.5).default(0),
    /** With `by: source` or `list`, when one patient is in several splits: stop, allow it, or leave out that patient's training visits. */
    on_overlap: z.enum(['error', 'keep', 'drop-train']).default('error'),
  })
  .refine(({ by, lists }) => by !== 'list' || lists.file !== undefined || (lists.train !== undefined && (lists.dev ?? lists.test) !== undefined), {
    path: ['lists'],
    message: 'split.by list needs the lists: file, or train and dev or test',
  })
  .refine((split) => split.by === 'source' || split.by === 'list' || Math.abs(split.train + split.dev + split.test - 1) < 1e-6, {
    message: 'split ratios train + dev + test must add up to 1',
  });

/** Every field has a default: the *corrected* protocol of the project. */
export const prepareSchema = z.strictObject({
  /** Which visits are in the data. */
  cohort: cohortSchema.prefault({}),
  /** Which codes, how fine, and the vocabularies. */
  codes: codesSchema.prefault({}),
  /** What of the notes is kept. */
  text: textSchema.prefault({}),
  /** The word pieces: learnt from training notes, or given. */
  tokenizer: tokenizerSchema.prefault({}),
  /** Training, dev and test. */
  split: splitSchema.prefault({}),
  /** Tokens of a note that are stored; the rest is cut off. */
  max_tokens: z.int().min(16).default(8192),
  /** DuckDB spills to disk beyond this. */
  memory_limit: z.string().default('4GB'),
});

export type PrepareConfig = z.output<typeof prepareSchema>;
export type SplitConfig = PrepareConfig['split'];
export type CodesConfig = PrepareConfig['codes'];
export type SplitLists = SplitConfig['lists'];
export type KeptCodesConfig = CodesConfig['keep'];
