/** DATA_CARD.md of a data set: Hugging Face's front matter, then the questions of a datasheet, answered from what was counted. */
import { count, percent } from '../report/format.js';
import type { FlowStep, ReportedData, RunReport } from '../report/run/data.js';
import { people, yearOf, type CardOptions } from './counts.js';
import { languageOf, licenceBanner, licenceFields } from './licence.js';
import { bullets, code, document, escaped, frontMatter, table } from './markdown.js';

const splits = ['train', 'dev', 'test'] as const;
const kinds = ['dx', 'rx', 'px'] as const;
const KIND_TITLES = { dx: 'Diagnoses', rx: 'Medications', px: 'Procedures' } as const;

export function dataCard(data: ReportedData, { runs, split }: RunReport, options: CardOptions): string {
  const taskFlow = runs[0]?.flow;
  return document([
    frontMatter(metadata(data)),
    `# ${escaped(data.name)}`,
    licenceBanner(data.notices, 'this data set, or anything made of it'),
    `## Motivation\n\nHospital visits with free text and codes, to pre-train, fine-tune and evaluate models with medweave. Prepared from ${data.store?.source === undefined ? 'a store' : `a store of the source ${code(data.store.source)}`} by medweave ${data.version}, ${yearOf(data.createdAt)}.`,
    `## Composition\n\n${composition(data, options)}`,
    `## Collection and selection\n\n${selection(data, taskFlow, { ...options, split })}`,
    `## Preprocessing\n\n${preprocessing(data)}`,
    `## Coverage\n\n${coverage(data)}`,
    `## Uses\n\n${bullets(USES)}`,
    `## Distribution and maintenance\n\n${distribution(data)}`,
    options.smallCell > 1 && `Counts below ${options.smallCell} are written "&lt; ${options.smallCell}".`,
  ]);
}

function metadata(data: ReportedData): Record<string, unknown> {
  const visits = splits.reduce((sum, split) => sum + data.flow.splits[split].visits, 0);
  const language = languageOf[data.store?.source ?? ''];
  return {
    ...licenceFields(data.notices),
    ...(language !== undefined && { language }),
    pretty_name: data.name,
    task_categories: ['text-classification'],
    size_categories: [sizeCategory(visits)],
    tags: ['medical', 'electronic-health-records', 'medweave', 'not-for-clinical-use'],
  };
}

/** Hugging Face's names. */
function sizeCategory(visits: number): string {
  const bounds = [[1e3, 'n<1K'], [1e4, '1K<n<10K'], [1e5, '10K<n<100K'], [1e6, '100K<n<1M'], [1e7, '1M<n<10M']] as const;
  return bounds.find(([bound]) => visits < bound)?.[1] ?? '10M<n<100M';
}

function composition({ flow, description, splitId }: ReportedData, options: CardOptions): string {
  const sizes = table(
    ['Split', 'Visits', 'Patients', 'Labelled', 'With a note', ...kinds.map((kind) => KIND_TITLES[kind])],
    splits.map((split) => {
      const { visits, patients, labelled, with_text, codes } = flow.splits[split];
      return [split, ...[visits, patients, labelled, with_text].map((value) => people(value, options)), ...kinds.map((kind) => people(codes[kind].codes, options))];
    }),
  );
  const shape = table(
    ['Of a visit that has any', 'Mean', 'Median', '95th percentile'],
    ([['Word pieces of the note', description.tokens], ...kinds.map((kind) => [KIND_TITLES[kind], description.codes[kind]] as const)] as const)
      .filter(([, { visits }]) => visits > 0)
      .map(([title, { mean, median, p95 }]) => [title, mean.toFixed(1), count(median), count(p95)]),
  );
  const overlap = flow.overlap.patients > 0 ? `${people(flow.overlap.patients, options)} patients are in several splits (policy: ${escaped(flow.overlap.policy)}).` : 'No patient is in two splits.';
  return [`Each instance is a hospital visit: at most one note, and sets of codes. ${overlap}${splitId === undefined ? '' : ` Split id: ${code(splitId)}.`}`, sizes, shape, longTail(description.frequencies)].join('\n\n');
}

const RARE = 10;

const longTail = (frequencies: ReportedData['description']['frequencies']): string => bullets(kinds.filter((kind) => frequencies[kind].length > 0).map((kind) => {
  const rare = frequencies[kind].filter((visits) => visits <= RARE).length;
  return `${KIND_TITLES[kind]}: ${count(frequencies[kind].length)} codes in the vocabulary, ${percent(rare / frequencies[kind].length)} of them on at most ${RARE} training visits`;
}));

function selection({ store, flow }: ReportedData, taskFlow: readonly FlowStep[] | undefined, options: CardOptions & { split: string }): string {
  const steps = [
    ...(store?.flow ?? []).map((step) => ({ ...step, step: `store: ${step.step}` })),
    ...flow.steps.map((step) => ({ ...step, step: `data: ${step.step}` })),
    ...(taskFlow ?? []).map((step) => ({ ...step, step: `task, ${options.split}: ${step.step}` })),
  ];
  return ['What is left after each step:', table(['Step', 'Visits', 'Patients'], steps.map(({ step, visits, patients }) => [escaped(step), people(visits, options), people(patients, options)]))].join('\n\n');
}

interface PreparedConfig {
  text?: { drop_deidentification?: boolean; drop_headers?: boolean };
  codes?: { dx?: string; px?: string; atc_level?: number; min_count?: number };
  max_tokens?: number;
}

function preprocessing({ config }: ReportedData): string {
  const { text = {}, codes = {}, max_tokens } = config as PreparedConfig;
  return bullets([
    `notes: placeholders of de-identification ${text.drop_deidentification ? 'taken out' : 'kept'}, section headers ${text.drop_headers ? 'taken out' : 'kept'}${max_tokens === undefined ? '' : `, at most ${count(max_tokens)} word pieces`}`,
    `codes: diagnoses ${codes.dx ?? 'full'}, procedures ${codes.px ?? 'full'}, ATC level ${codes.atc_level ?? '–'}; the vocabulary has those of at least ${codes.min_count ?? 1} training visits`,
    'vocabularies, word pieces and frequencies are fitted on training patients alone',
  ]);
}

function coverage({ flow, store }: ReportedData): string {
  const known = table(['In the vocabulary', ...kinds.map((kind) => KIND_TITLES[kind])], splits.map((split) => [split, ...kinds.map((kind) => {
    const { codes, unknown } = flow.splits[split].codes[kind];
    return codes ? percent(1 - unknown / codes) : '–';
  })]));
  const drugs = store?.drugs && `Of ${count(store.drugs.named_rows)} prescriptions with a name, ${percent(store.drugs.mapped_rows / store.drugs.named_rows)} were mapped to ATC and ${percent(store.drugs.unmapped.rows / store.drugs.named_rows)} have no code; the others are diluents and containers.`;
  return [known, ...(drugs ? [drugs] : [])].join('\n\n');
}

const USES = [
  'Research on methods: coding, readmission, medication recommendation.',
  '**Not for clinical use**, and not for finding out who a patient is.',
  'Codes were given for billing: they are not everything a patient had, and practice changes by year and place.',
];

const distribution = ({ hashes, notices: { do_not_share } }: ReportedData): string => [
  `The text of the notes is not in this card. ${do_not_share ? 'Neither the data nor models made of it may be passed on.' : 'Pass it on only as its licence allows.'}`,
  table(['File', 'SHA-256'], Object.entries(hashes).map(([file, hash]) => [code(file), code(hash)]), 'text'),
].join('\n\n');
