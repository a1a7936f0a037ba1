/** The page of `medweave drift`: the verdict, all features by how far they moved, their distributions, the labels. */
import type { DriftReport, DriftRow, LabelRow, Severity, SideSummary } from '../drift/index.js';
import { noticeText, type Notices } from '../core/notices.js';
import { count, percent } from './format.js';
import { html, type Html } from './html.js';
import { renderPage, type Section } from './page.js';
import { driftFigure } from './sections/drift-figure.js';
import { renderTable, type Column, type TableGroup } from './table.js';

export interface AboutDrift {
  version: string;
  notices: Notices;
}

const style = `
.severity { white-space: nowrap; }
.severity-major { font-weight: 700; color: var(--hue-2); }
.severity-moderate { font-weight: 600; color: var(--warn); }
`;

/** @returns one self-contained HTML file; equal reports give equal bytes */
export function renderDriftReport(report: DriftReport, { version, notices }: AboutDrift): string {
  return renderPage({
    title: 'Drift',
    wide: true,
    style,
    header: header(report, noticeText(notices)),
    sections: [featuresSection(report), driftFigure(report.rows), labelsSection(report), readingSection(report)],
    footer: html`<p>medweave ${version}</p>`,
  });
}

const header = (report: DriftReport, licence: string | undefined): Html => html`
<p class="product">medweave</p>
<h1>Drift</h1>
<p class="summary">${sentence(report)}</p>
<dl class="facts">${sideFacts('Reference', report.reference)}${sideFacts('Current', report.current)}</dl>
${licence !== undefined && html`<p class="notice" role="note">${licence}</p>`}`;

function sentence({ rows, labels }: DriftReport): string {
  const of = (severity: Severity): number => rows.filter((row) => row.severity === severity).length;
  const moved = labels.filter(({ severity }) => severity !== 'none').length;
  const worst = rows[0];
  const head = of('major') + of('moderate') === 0 ? `None of ${rows.length} features has drifted.` : `${of('major')} of ${rows.length} features have drifted far, ${of('moderate')} moderately; most of all ${worst!.name}.`;
  return `${head} ${moved ? `${count(moved)} of ${count(labels.length)} labels are carried by clearly more or fewer visits.` : `No label’s prevalence has moved far (${count(labels.length)} compared).`}`;
}

const sideFacts = (name: string, { data, split, visits, patients }: SideSummary): Html => html`
<div><dt>${name}</dt><dd>${data.split('/').filter(Boolean).at(-1)}${split !== 'all' && `, ${split}`}</dd></div>
<div><dt>${name}: visits</dt><dd>${count(visits)}</dd></div>
<div><dt>${name}: patients</dt><dd>${count(patients)}</dd></div>`;

const severityCell = (severity: Severity): Html => html`<span class="severity severity-${severity}">${severity}</span>`;
const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

const EFFECTS: Record<DriftRow['effect']['name'], string> = { D: 'KS D', V: 'Cramér’s V', JS: 'Jensen–Shannon' };

const columns: Column<DriftRow>[] = [
  { heading: 'Feature', cell: ({ name }) => name },
  { heading: 'Of', cell: ({ group }) => group },
  { heading: 'Drift', cell: ({ severity }) => severityCell(severity) },
  { heading: 'PSI', cell: ({ psi }) => psi.toFixed(3), numeric: true },
  { heading: 'Effect', cell: ({ effect }) => `${EFFECTS[effect.name]} ${effect.value.toFixed(3)}`, numeric: true },
  { heading: 'p, corrected', cell: ({ p }) => pValue(p), numeric: true },
  { heading: 'Reference', cell: ({ reference }) => reference },
  { heading: 'Current', cell: ({ current }) => current },
];

function featuresSection({ rows, thresholds }: DriftReport): Section {
  const groups = (['major', 'moderate', 'none'] as const).map((severity): TableGroup<DriftRow> => ({ name: severity, rows: rows.filter((row) => row.severity === severity) }));
  const caption = `Drift is moderate from a population stability index of ${thresholds.moderate}, major from ${thresholds.major}, where chance does not explain it (p below ${thresholds.falseDiscovery}, Kolmogorov–Smirnov or χ², corrected).`;
  return { id: 'features', heading: 'Features', body: renderTable({ id: 'features-table', caption, columns, groups }) };
}

const LABELS_SHOWN = 30;

const labelColumns: Column<LabelRow>[] = [
  { heading: 'Label', cell: ({ label }) => label },
  { heading: 'Drift', cell: ({ severity }) => severityCell(severity) },
  { heading: 'Reference', cell: ({ reference }) => percent(reference), numeric: true },
  { heading: 'Current', cell: ({ current }) => percent(current), numeric: true },
  { heading: 'PSI', cell: ({ psi }) => psi.toFixed(3), numeric: true },
  { heading: 'p, corrected', cell: ({ p }) => pValue(p), numeric: true },
];

function labelsSection({ labels }: DriftReport): Section {
  const chance = labels.filter(({ p }) => p < 0.05).length;
  const caption = `Share of the visits that carry a code; the ${Math.min(LABELS_SHOWN, labels.length)} of ${labels.length} that moved most. Chance does not explain the difference of ${chance}.`;
  return { id: 'labels', heading: 'Labels', body: renderTable({ id: 'labels-table', caption, columns: labelColumns, groups: [{ rows: labels.slice(0, LABELS_SHOWN) }] }) };
}

const readingSection = ({ notes }: DriftReport): Section => ({
  id: 'reading',
  heading: 'How to read this',
  body: html`<ul class="prose"><li>Drift says that the visits differ, not that the model is worse: for that, evaluate it on labelled visits of today.</li>
<li>Many visits make every difference significant and few make none; the index and the effect say how large it is.</li>
${notes.map((note) => html`<li>${note}</li>`)}</ul>`,
});
