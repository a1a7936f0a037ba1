/** Top of the page: what was measured, the verdict in figures, and what the owners of the data ask. */
import { count, dateTime, figure } from '../format.js';
import { html, type Html } from '../html.js';
import type { AssessedFigure } from '../../metrics/assess.js';
import type { ReportedRun, RunReport } from './data.js';
import { headlines, isClear, rangeText, shortTitle, taskTitles, titleOf } from './words.js';

export const titleOfReport = ({ task, runs }: RunReport): string =>
  `${taskTitles[task]}: ${runs.length === 1 ? runs[0]!.name : `${runs.length} runs compared`}`;

export const header = (report: RunReport, sections: readonly { id: string; heading: string }[]): Html => html`
<p class="product">medweave · run report</p>
<h1>${titleOfReport(report)}</h1>
<p class="summary">${summaryOf(report)}</p>
${notices(report)}
${verdict(report)}
<nav aria-label="Sections"><ul class="contents">${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>`;

/** Also what the command prints. */
export function figureLine({ task, split }: Pick<RunReport, 'task' | 'split'>, { name, assessment }: ReportedRun): string {
  if (!assessment) return `${name}: not measured`;
  const primary = figureNamed(assessment.figures, headlines[task][0]!)!;
  return `${name}: ${titleOf(primary.figure)} ${figure(primary.estimate)}, 95 % interval ${rangeText(primary)}, on ${count(assessment.visits)} ${split} visits of ${count(assessment.patients)} patients`;
}

function summaryOf(report: RunReport): string {
  const { task, runs } = report;
  const [first] = runs as [ReportedRun];
  if (!first.assessment) return `${taskTitles[task]} from ${first.inputs.join(' and ')}; ${count(first.labels.length)} ${first.labels.length === 1 ? 'label' : 'labels'}. Nothing was measured for this report.`;
  if (runs.length > 1) return comparedSummary(report);
  return `${taskTitles[task]} from ${first.inputs.join(' and ')}: ${figureLine(report, first).slice(first.name.length + 2)}.`;
}

function comparedSummary({ task, split, runs, differences }: RunReport): string {
  const primary = headlines[task][0]!;
  const [best, second] = runs.filter(({ assessment }) => assessment).sort((a, b) => estimateOf(b, primary) - estimateOf(a, primary)) as [ReportedRun, ReportedRun];
  const unclear = differences.filter(({ figures }) => figures && !isClear(figures[primary]!)).map(({ run }) => run);
  const beside = unclear.length ? ` Not told apart from ${runs[0]!.name} by these visits: ${unclear.join(', ')}.` : '';
  return `By ${titleOf(primary)} on the ${split} split ${best.name} is best with ${figure(estimateOf(best, primary))}, before ${second.name} with ${figure(estimateOf(second, primary))}.${beside}`;
}

const estimateOf = ({ assessment }: ReportedRun, name: string): number => figureNamed(assessment?.figures ?? [], name)?.estimate ?? NaN;

export const figureNamed = (figures: readonly AssessedFigure[], name: string): AssessedFigure | undefined => figures.find((one) => one.figure === name);

const notices = ({ notices: { licence_notice, do_not_share }, examples }: RunReport): Html => html`
<p class="notice" role="note"><strong>Not for clinical use.</strong>${licence_notice !== undefined && ` ${licence_notice.replace(/\.?$/, '.')}`}</p>
${do_not_share && html`<p class="notice closed" role="note"><strong>Do not share this page.</strong> It was made from data that only those may see who signed for it, and it holds counts of single patients.</p>`}
${examples?.from === 'store' && html`<p class="notice closed" role="note"><strong>This page holds patients’ notes</strong> (--show-notes). Keep it where the notes themselves may lie.</p>`}`;

function verdict({ task, runs }: RunReport): Html | false {
  const { assessment } = runs[0]!;
  if (runs.length > 1 || !assessment) return false;
  const shown = headlines[task].map((name) => figureNamed(assessment.figures, name)!);
  return html`
<dl class="facts verdict">${shown.map((one) => html`<div><dt>${shortTitle(one.figure)} <span>${one.figure.split('.')[0]}</span></dt><dd>${figure(one.estimate)} <small>${rangeText(one)}</small></dd></div>`)}</dl>`;
}

/** All times of making stand here, where `check --phi` knows them for what they are. */
export const footer = ({ version, createdAt, runs, data, resampling: { replicates, seed } }: RunReport): Html => html`
<p>medweave ${version} · <time datetime="${createdAt}">${dateTime(createdAt)}</time> · ${count(replicates)} resamples of patients, seed ${seed}</p>
<p>Made: ${[...runs, ...(data ? [data] : [])].map((one) => `${one.name} ${dateTime(one.createdAt)}`).join('; ')}</p>`;
