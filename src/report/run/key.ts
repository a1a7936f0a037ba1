/** Names the lines of a plot. */
import { html, type Html } from '../html.js';
import type { RunLine } from './run-style.js';

export interface KeyEntry extends RunLine {
  name: string;
}

/** @returns nothing for a single line: its heading says what it is */
export const keyOf = (entries: readonly KeyEntry[]): Html | false =>
  entries.length > 1 && html`
<ul class="key across">${entries.map(({ name, colour, dash }) => html`<li><span class="swatch" style="border-top: 3px ${dash ? 'dashed' : 'solid'} ${colour}"></span>${name}</li>`)}</ul>`;
