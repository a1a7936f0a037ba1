/** What the figures do not show, and what to try next. */
import { html } from '../html.js';
import type { Section } from '../page.js';
import type { DemoReport } from '../report-data.js';

export const limitsSection = ({ limits }: DemoReport): Section => ({
  id: 'limits',
  heading: 'Limits',
  body: html`<ul class="prose">${limits.map((limit) => html`<li>${limit}</li>`)}</ul>`,
});

/** A click selects a whole command (style sheet: `user-select: all`). */
export const nextSection = ({ next }: DemoReport): Section => ({
  id: 'next',
  heading: 'Try next',
  body: html`<ul class="commands">${next.map(({ what, command }) => html`<li><p>${what}</p><pre tabindex="0"><code>${command}</code></pre></li>`)}</ul>`,
});
