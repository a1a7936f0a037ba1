/** The page of `medweave explain`: notes with their codes; choosing a code highlights its evidence. Without a script: the choice is a radio button. */
import type { ExplanationReport } from './explanation-data.js';
import { explanationStyle } from './explanation-style.js';
import { dateTime } from './format.js';
import { html, type Html } from './html.js';
import { renderPage } from './page.js';
import { explainedNote } from './sections/explained-note.js';

/** @returns one self-contained HTML file, which holds the notes' text */
export function renderExplanation(report: ExplanationReport): string {
  const { title, notes, version, createdAt } = report;
  return renderPage({
    title,
    wide: true,
    style: explanationStyle(notes.reduce((most, { codes }) => Math.max(most, codes.length), 0)),
    header: header(report),
    sections: notes.map((note, n) => ({ id: `note-${n + 1}`, heading: note.id, body: explainedNote(note, n + 1) })),
    footer: html`<p>medweave ${version} · <time datetime="${createdAt}">${dateTime(createdAt)}</time></p>`,
  });
}

const header = ({ title, summary, notes, licence, annotated }: ExplanationReport): Html => html`
<p class="product">medweave</p>
<h1>${title}</h1>
<p class="summary">${summary}</p>
<p class="notice" role="note"><strong>This page holds the notes’ text. Not for clinical use.</strong> Keep it and pass it on only as the owners of the data allow${licence !== undefined && html`: ${licence.replace(/\.$/, '')}`}.</p>
<ul class="prose reading">
<li>Choose a code to see its evidence alone; with the keyboard, by Tab and the arrow keys. A stronger tint is a larger share of the code’s evidence.</li>
<li>Evidence is where the model looked, not why it is right.</li>
${annotated && html`<li><span class="g">Underlined</span>: what the annotators marked.</li>`}
</ul>
${notes.length > 1 && html`<nav aria-label="Notes"><ol class="notes">${notes.map(({ id }, n) => html`<li><a href="#note-${n + 1}">${id}</a></li>`)}</ol></nav>`}`;
