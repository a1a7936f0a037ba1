/** The commands, loaded only when called: `medweave ontology` must not wait for tensors. */
import type { Command } from './command.js';

export interface CommandEntry {
  describe: string;
  load: () => Promise<{ default: Command<unknown> }>;
}

export const commands: Record<string, CommandEntry> = {
  synth: { describe: 'write a synthetic MIMIC-III or MIMIC-IV with planted signal', load: () => import('./commands/synth.js') },
  demo: { describe: 'everything on a synthetic MIMIC, in minutes, ending with a page', load: () => import('./commands/demo.js') },
  ingest: { describe: 'raw tables (MIMIC-III, MIMIC-IV, CodiEsp, MEDS, OMOP) → store', load: () => import('./commands/ingest.js') },
  ontology: { describe: 'print the path of codes to the root of their hierarchy', load: () => import('./commands/ontology.js') },
  prepare: { describe: 'turn a store into a data set: cohort, split, vocabularies, tokens', load: () => import('./commands/prepare.js') },
  drift: { describe: 'compare two data sets: inputs, labels and predictions', load: () => import('./commands/drift.js') },
  check: { describe: 'look for leaks between splits, stages, labels and inputs', load: () => import('./commands/check.js') },
  mlm: { describe: 'data → run of a text encoder trained on notes alone, codes or not', load: () => import('./commands/mlm.js') },
  pretrain: { describe: 'data → pre-trained run: text-to-code and code-to-code prediction', load: () => import('./commands/pretrain.js') },
  finetune: { describe: 'data (and a pre-trained run) → run for a task', load: () => import('./commands/finetune.js') },
  crossfit: { describe: 'ICD coders a fold of the training patients → predictions for visits that were not learnt from', load: () => import('./commands/crossfit.js') },
  evaluate: { describe: 'score a fine-tuned run on a split, in named metric dialects', load: () => import('./commands/evaluate.js') },
  compare: { describe: 'a grid of models, tasks, seeds and shares of the data → the paper\'s Table III and Figure 3', load: () => import('./commands/compare.js') },
  fewshot: { describe: 'a pre-trained run against scratch and references, with little data', load: () => import('./commands/fewshot.js') },
  chapter: { describe: 'per-ICD attention against a baseline on the codes of a chapter', load: () => import('./commands/chapter.js') },
  benchmark: { describe: 'published benchmarks of ICD coding: list, show, run beside the published figures', load: () => import('./commands/benchmark.js') },
  baseline: { describe: 'TF-IDF and logistic regression: data → run, with the mimic-icd-coder\'s figures', load: () => import('./commands/baseline.js') },
  report: { describe: 'runs → a page with intervals, calibration and every label, a model card and a data card', load: () => import('./commands/report.js') },
  predict: { describe: 'ranked codes for the visits of a split', load: () => import('./commands/predict.js') },
  coder: { describe: 'annotated notes → combined coder: dictionary, linking, whole note, label attention', load: () => import('./commands/coder.js') },
  code: { describe: 'notes → codes with their evidence, by a combined coder', load: () => import('./commands/code.js') },
  explain: { describe: 'codes of notes with the text that supports them, highlighted', load: () => import('./commands/explain.js') },
  serve: { describe: 'a fitted model over HTTP: MLflow\'s protocol, evidence, a web page', load: () => import('./commands/serve.js') },
  probe: { describe: 'tag mentions in notes by a text encoder, and report strict F1', load: () => import('./commands/probe.js') },
  embed: { describe: 'texts → vectors, by any Hugging Face encoder or run', load: () => import('./commands/embed.js') },
  link: { describe: 'mentions in notes → codes: dictionary, titles, sentence embeddings, generated descriptions', load: () => import('./commands/link.js') },
  track: { describe: 'a run that is there already → MLflow, TensorBoard', load: () => import('./commands/track.js') },
  export: { describe: 'a fine-tuned run as an ONNX model, or the text encoder of a run in Hugging Face format', load: () => import('./commands/export.js') },
  score: { describe: 'score a CodiEsp prediction file', load: () => import('./commands/score.js') },
  bench: { describe: 'measure the speed of a training step', load: () => import('./commands/bench.js') },
  cache: { describe: 'list the caches of frozen layers; delete old ones, look for damage', load: () => import('./commands/cache.js') },
  config: { describe: 'print a configuration with every default, and where each value comes from', load: () => import('./commands/config.js') },
  completion: { describe: 'print a script that completes commands and options in bash, zsh or fish', load: () => import('./commands/completion.js') },
  devices: { describe: 'list the devices that programs can run on here', load: () => import('./commands/devices.js') },
};
