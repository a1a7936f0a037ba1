/** The page that `medweave demo` ends with. */
import { renderPage } from './page.js';
import type { DemoReport } from './report-data.js';
import { runStyles } from './run-style.js';
import { limitsSection, nextSection } from './sections/closing.js';
import { dataSection } from './sections/data.js';
import { finetuningSection } from './sections/finetuning.js';
import { footerSection, headerSection } from './sections/header.js';
import { pretrainingSection } from './sections/pretraining.js';
import { resultsChart } from './sections/results-chart.js';
import { resultsTable } from './sections/results-table.js';

export type { CodingResult, DemoReport, ResultRow, Results, RunCurve } from './report-data.js';

/** @returns one self-contained HTML file */
export function renderDemoReport(report: DemoReport): string {
  const { title, results, pretraining, finetuning, limits, next } = report;
  const styles = runStyles(results.rows, finetuning);
  return renderPage({
    title,
    header: headerSection(report),
    sections: [
      resultsChart(results, styles),
      resultsTable(results),
      pretrainingSection(pretraining),
      finetuningSection(finetuning, styles),
      dataSection(report),
      ...(limits.length ? [limitsSection(report)] : []),
      ...(next.length ? [nextSection(report)] : []),
    ],
    footer: footerSection(report),
  });
}
