/** The page of the experiment on a chapter: confusion matrices, figures under their definitions, and the paper's beside them. */
import { chapterTables, notesOfChapter, type TextTable } from '../compare/chapter/columns.js';
import { readingsOfPublished } from '../compare/chapter/published.js';
import type { ChapterResults } from '../compare/chapter/results.js';
import { signed } from '../compare/format.js';
import { html, toText, type Html } from './html.js';
import { renderPage, type Section } from './page.js';
import { failuresSection } from './sections/comparison-failures.js';
import { confusionFigure, confusionPicture } from './sections/confusion-figure.js';
import { standaloneSvg } from './svg.js';
import { renderTable } from './table.js';

export interface AboutChapter {
  version: string;
  /** What the data's owners ask of whoever holds figures made from it. */
  licence?: string;
  splitId?: string;
}

/** @returns one self-contained HTML file; equal results give equal bytes */
export function renderChapterReport(results: ChapterResults, { version, licence, splitId }: AboutChapter): string {
  const { title, failed } = results;
  return renderPage({
    title,
    wide: true,
    header: html`
<p class="product">medweave</p>
<h1>${title}</h1>
<p class="summary">${summaryOf(results)}</p>
${licence && html`<p class="notice" role="note">${licence}</p>`}`,
    sections: [
      confusionFigure(results, 'tuned'),
      confusionFigure(results, 'half'),
      ...chapterTables(results).map(tableSection),
      { id: 'readings', heading: 'What the paper’s columns can be', body: bullets(readingsOfPublished) },
      { id: 'notes', heading: 'How to read the figures', body: bullets(notesOfChapter(results)) },
      ...(failed.length ? [failuresSection(failed)] : []),
    ],
    footer: html`<p>medweave ${version}${splitId && ` · split ${splitId}`}</p>`,
  });
}

/** The confusion matrices at the tuned threshold, as an SVG file of its own. @returns undefined when nothing was measured */
export function renderConfusionSvg(results: ChapterResults): string | undefined {
  const picture = confusionPicture(results, 'tuned');
  return picture && toText(standaloneSvg(picture));
}

const bullets = (lines: readonly string[]): Html => html`<ul class="prose">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

function tableSection({ id, title, caption, head, cells }: TextTable): Section {
  const columns = head.map((heading, i) => ({ heading, numeric: i > 0, cell: (row: readonly string[]) => row[i] }));
  return { id, heading: title, body: renderTable({ id: `${id}-table`, caption, columns, groups: [{ rows: cells }] }) };
}

/** The difference that the paper is about, whichever way it went. */
function summaryOf({ differences, split, counts }: ChapterResults): string {
  const measured = differences.filter(({ figure }) => figure === 'caml.micro_auc').map(({ model, against, difference: { estimate, low, high } }) =>
    `${model} ${signed(estimate)} points of micro-AUC against ${against} (95 % interval ${signed(low)} to ${signed(high)})`);
  return `${counts.labels} labels, ${counts.visits} visits (${split}). ${measured.length ? `${measured.join('; ')}.` : ''}`;
}
