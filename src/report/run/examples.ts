/** Notes beside their codes, with the places that the model looked at. */
import { count } from '../format.js';
import { html } from '../html.js';
import type { Section } from '../page.js';
import { explainedNote } from '../sections/explained-note.js';
import type { RunReport } from './data.js';

export function examplesSection({ examples }: RunReport): Section | undefined {
  if (!examples?.notes.length) return undefined;
  const { from, run, notes } = examples;
  const intro = from === 'synthetic'
    ? html`<p class="prose example-intro">${count(notes.length)} notes that a program wrote for this page, coded by ${run}: no patient is behind them, and a model of real notes may find little in them. Choose a code to see its evidence alone.
Evidence is where the model looked, not why it is right.</p>`
    : html`<p class="notice closed" role="note"><strong>Real notes.</strong> The first ${count(notes.length)} of the split, coded by ${run}. Evidence is where the model looked, not why it is right.</p>`;
  return { id: 'examples', heading: from === 'synthetic' ? 'What the model looks at: synthetic notes' : 'What the model looks at: real notes', body: html`${intro}${notes.map((note, n) => html`<h3 class="group">${note.id}</h3>${explainedNote(note, n + 1)}`)}` };
}
