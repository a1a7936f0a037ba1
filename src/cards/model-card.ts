/** MODEL_CARD.md of a run, in the form that Hugging Face reads: front matter with a model index, then the usual sections. */
import { capital, count, figure, isFiniteNumber } from '../report/format.js';
import type { ReportedRun, RunReport } from '../report/run/data.js';
import { rangeText, taskTitles, titleOf } from '../report/run/words.js';
import type { TaskName } from '../metrics/task-scores.js';
import { people, yearOf, type CardOptions } from './counts.js';
import { languageOf, licenceBanner, licenceFields } from './licence.js';
import { bullets, code, document, escaped, frontMatter, table } from './markdown.js';

const PURPOSES: Record<TaskName, string> = {
  'icd-coding': 'suggests codes for a hospital visit from what it reads of the visit; people who code decide',
  readmission: 'estimates the probability of an unplanned admission after a discharge',
  medication: 'ranks groups of medications for a visit, from past visits and the visit’s own diagnoses',
};

export function modelCard(report: RunReport, run: ReportedRun, options: CardOptions): string {
  return document([
    frontMatter(metadata(report, run)),
    `# ${escaped(run.name)}`,
    licenceBanner(run.notices, 'this model'),
    `## Model details\n\n${details(report, run)}`,
    `## Intended use\n\nResearch on electronic health records. The model ${PURPOSES[report.task]}. It is for the population, the coding rules and the kind of notes that it was trained on.`,
    `## Out of scope\n\n${bullets(OUT_OF_SCOPE)}`,
    `## Training data\n\n${trainingData(report, run, options)}`,
    `## Evaluation\n\n${evaluation(report, run, options)}`,
    `## Limitations\n\n${bullets(limitations(run))}`,
    `## How to use\n\n${usage(report, run)}`,
    `## Reproducibility\n\n${reproducibility(run)}`,
    `## Citation\n\n${CITATION}`,
  ]);
}

const OUT_OF_SCOPE = [
  '**Not for clinical use.** It is no medical device; nothing it says may decide over a patient.',
  'Billing without a person who reads the note.',
  'Other hospitals, languages, code systems or years than those of the training data, without a new evaluation there.',
  'Finding out about persons in the training data.',
];

function metadata({ task, split, data }: RunReport, run: ReportedRun): Record<string, unknown> {
  const language = languageOf[data?.store?.source ?? ''];
  const figures = run.assessment?.figures.filter(({ estimate }) => isFiniteNumber(estimate)) ?? [];
  return {
    ...licenceFields(run.notices),
    ...(language !== undefined && { language }),
    library_name: 'medweave',
    pipeline_tag: 'text-classification',
    tags: ['medweave', 'medical', 'electronic-health-records', task, ...run.inputs.map((input) => `reads-${input}`), 'not-for-clinical-use'],
    ...(figures.length > 0 && {
      'model-index': [{
        name: run.name,
        results: [{
          task: { type: 'text-classification', name: taskTitles[task] },
          dataset: { type: 'private', name: data?.name ?? 'unknown', split },
          metrics: figures.map(({ figure: name, estimate }) => ({ type: name, name: titleOf(name), value: Number(estimate.toFixed(4)) })),
        }],
      }],
    }),
  };
}

const details = ({ task }: RunReport, run: ReportedRun): string => bullets([
  `**Task:** ${taskTitles[task]}, ${count(run.labels.length)} ${run.labels.length === 1 ? 'label' : 'labels'} (${[...new Set(run.labels.map(({ system }) => system))].map(code).join(', ')})`,
  `**Reads:** ${run.inputs.map(code).join(', ')}`,
  ...run.model.map(([fact, value]) => `**${capital(fact)}:** ${escaped(value)}`),
  `**Began from:** ${run.pretrainedFrom === undefined ? (run.command === 'baseline' ? 'nothing' : 'scratch, or the checkpoint of the configuration') : `the pre-trained run ${code(run.pretrainedFrom)}`}`,
  `**Decides:** ${run.threshold === undefined ? 'a label at or above its own threshold, tuned on dev' : `a label with a probability above ${figure(run.threshold)}, tuned on dev`}`,
  `**Made by:** medweave ${run.version}, ${code(`medweave ${run.command}`)}, ${yearOf(run.createdAt)}`,
]);


function trainingData({ data }: RunReport, run: ReportedRun, options: CardOptions): string {
  if (!data) return 'This card was written without the data; its split is below under Reproducibility.';
  const { train, dev } = data.flow.splits;
  return `Data set ${code(data.name)} (see DATA\\_CARD.md), split by patient${run.splitId === undefined ? '' : `, id ${code(run.splitId)}`}: ${people(train.visits, options)} training visits of ${people(train.patients, options)} patients; ${people(dev.visits, options)} dev visits chose weights and threshold.`;
}

function evaluation({ split, resampling: { replicates, seed } }: RunReport, { assessment }: ReportedRun, options: CardOptions): string {
  if (!assessment) return 'Nothing was measured when this card was written: `medweave report` was run without `--data`.';
  const { visits, patients, figures, calibration } = assessment;
  const rows = figures.filter(({ estimate }) => isFiniteNumber(estimate)).map((one) => [escaped(titleOf(one.figure)), figure(one.estimate), rangeText(one)]);
  return [
    `On the ${split} split: ${people(visits, options)} visits of ${people(patients, options)} patients. Intervals: 95 %, percentiles of ${count(replicates)} samples of whole patients with replacement (seed ${seed}). The name in brackets is the definition that a figure follows; figures of two definitions do not compare.`,
    table(['Figure', 'Value', '95 % interval'], rows),
    `Calibration: Brier score ${calibration.brier.estimate.toFixed(4)} (${calibration.brier.low.toFixed(4)} to ${calibration.brier.high.toFixed(4)}), expected calibration error ${figure(calibration.ece.estimate)} (${rangeText(calibration.ece)})${calibration.from > 0 ? ` over pairs of visit and label with a score of at least ${calibration.from}` : ''}.`,
  ].join('\n\n');
}

/** Labels that so few training visits carry are hard to learn. */
const RARE = 10;

function limitations({ labels, assessment, inputs }: ReportedRun): string[] {
  const rare = labels.filter(({ count: visits }) => visits <= RARE).length;
  const outside = assessment && assessment.gold.all > assessment.gold.inside ? 1 - assessment.gold.inside / assessment.gold.all : 0;
  return [
    'It repeats what was documented and coded at its source, with the gaps and habits of that place.',
    ...(labels.length > 1 ? [`${count(rare)} of its ${count(labels.length)} labels are on at most ${RARE} training visits; expect little of them (per-label figures: report.html).`] : []),
    ...(outside > 0 ? [`${(100 * outside).toFixed(1)} % of the gold codes of the evaluated split are no labels of the model: it cannot predict them.`] : []),
    ...(inputs.includes('text') ? ['A long note is read up to its limit only (see Model details).'] : []),
    'Performance by group of patients (age, sex, origin) was not measured.',
    'Weights and vocabularies were fitted on patient data and may hold traces of it; protect them as the data.',
  ];
}

const usage = ({ task }: RunReport, { name, command, inputs }: ReportedRun): string => `\`\`\`sh
medweave serve --run ${shell(name)}                                   # REST and a page for one note at a time
medweave predict --run ${shell(name)} --data data --split test --out predictions.jsonl${command === 'finetune' ? `
medweave evaluate --run ${shell(name)} --data data --split test --out evaluation` : ''}
\`\`\`

\`data\` is a directory of \`medweave prepare\` with the same vocabularies and split. Inputs: ${inputs.map(code).join(', ')}${task === 'medication' ? ' of past visits' : ''}; what is absent may be left out.`;

/** One word of a shell command. */
const shell = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const reproducibility = ({ version, seed, splitId, hashes }: ReportedRun): string => [
  bullets([`medweave ${version}${seed === undefined ? '' : `, seed ${seed}`}${splitId === undefined ? '' : `, split ${code(splitId)}`}`, 'the resolved configuration is `config.yaml` beside the weights']),
  table(['File', 'SHA-256'], Object.entries(hashes).map(([file, hash]) => [code(file), code(hash)]), 'text'),
].join('\n\n');

const CITATION = 'Cite medweave with its version, and the source of the data as its owners ask.';
