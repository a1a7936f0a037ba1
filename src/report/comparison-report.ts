/** The page of a comparison: Table III, Figure 3, what is claimed and what is there. */
import type { Comparison } from '../compare/results.js';
import { html, type Html } from './html.js';
import { renderPage } from './page.js';
import { comparisonEffects, summaryOf } from './sections/comparison-effects.js';
import { comparisonFigure } from './sections/comparison-figure.js';
import { comparisonTables, notesSection } from './sections/comparison-table.js';
import { failuresSection } from './sections/comparison-failures.js';

export interface AboutComparison {
  version: string;
  /** Whether the patients were generated. */
  synthetic: boolean;
  /** What the data's owners ask of whoever holds figures made from it. */
  licence?: string;
  splitId?: string;
}

/** @returns one self-contained HTML file; equal results give equal bytes */
export function renderComparisonReport(comparison: Comparison, about: AboutComparison): string {
  const { title, tables, effects, failed } = comparison;
  const fractions = tables.filter(({ share }) => !share.startsWith('k'));
  const shots = tables.filter(({ share }) => share.startsWith('k'));
  return renderPage({
    title,
    wide: true,
    header: header(comparison, about),
    sections: [
      ...comparisonTables(comparison),
      ...(effects.length ? [comparisonEffects(effects)] : []),
      ...(fractions.length > 1 ? [comparisonFigure(comparison, { tables: fractions, id: 'fractions', heading: 'By share of the training patients', xLabel: 'share of the training patients' })] : []),
      ...(shots.length > 1 ? [comparisonFigure(comparison, { tables: shots, id: 'shots', heading: 'By number of examples', xLabel: 'positives, and as many negatives' })] : []),
      notesSection(comparison),
      ...(failed.length ? [failuresSection(failed)] : []),
    ],
    footer: html`<p>medweave ${about.version}${about.splitId && ` · split ${about.splitId}`}</p>`,
  });
}

const header = ({ title, effects }: Comparison, { synthetic, licence }: AboutComparison): Html => html`
<p class="product">medweave</p>
<h1>${title}</h1>
${effects.length > 0 && html`<p class="summary">${summaryOf(effects)}</p>`}
${synthetic
    ? html`<p class="notice" role="note"><strong>Synthetic data, not for clinical use.</strong> A program wrote every patient behind these figures; they say nothing about real patients.</p>`
    : licence && html`<p class="notice" role="note">${licence}</p>`}`;
