/** The page of `medweave report`. */
import { comparisonFigure } from '../sections/comparison-figure.js';
import { explanationStyle } from '../explanation-style.js';
import { renderPage, type Section } from '../page.js';
import type { RunReport } from './data.js';
import { calibrationSection } from './calibration.js';
import { dataSections } from './data-section.js';
import { missingSection, provenanceSection } from './details.js';
import { discriminationSection } from './discrimination.js';
import { examplesSection } from './examples.js';
import { figureSections } from './figures.js';
import { footer, header, titleOfReport } from './header.js';
import { labelsSection } from './labels.js';
import { sortScript } from './sort-script.js';
import { runReportStyle } from './style.js';
import { trainingSections } from './training.js';

export { figureLine } from './header.js';

/** @returns one self-contained HTML file; its only script is the one that sorts the table of labels */
export function renderRunReport(report: RunReport): string {
  const sections = [
    ...figureSections(report),
    discriminationSection(report),
    calibrationSection(report),
    labelsSection(report),
    examplesSection(report),
    ...fewShotSections(report),
    ...trainingSections(report),
    ...dataSections(report),
    provenanceSection(report),
    missingSection(report),
  ].filter((section) => section !== undefined);
  const codes = report.examples?.notes.reduce((most, note) => Math.max(most, note.codes.length), 0) ?? 0;
  return renderPage({
    title: titleOfReport(report),
    header: header(report, sections),
    sections,
    footer: footer(report),
    style: explanationStyle(codes) + runReportStyle,
    script: sortScript,
  });
}

/** As in the page of `medweave fewshot`, of this task alone. */
function fewShotSections({ task, fewShot }: RunReport): Section[] {
  if (!fewShot) return [];
  const comparison = { ...fewShot, tasks: fewShot.tasks.filter((one) => one.task === task) };
  const [fractions, shots] = [false, true].map((ofShots) => comparison.tables.filter(({ share }) => share.startsWith('k') === ofShots));
  return [
    ...(fractions!.length > 1 ? [comparisonFigure(comparison, { tables: fractions!, id: 'few-shot', heading: 'With little data', xLabel: 'share of the training patients' })] : []),
    ...(shots!.length > 1 ? [comparisonFigure(comparison, { tables: shots!, id: 'few-shot-k', heading: 'With few examples', xLabel: 'positives, and as many negatives' })] : []),
  ];
}
