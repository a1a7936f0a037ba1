/** Jobs of a comparison that did not finish, and where they say why. */
import type { FailedJob } from '../../compare/results.js';
import { html } from '../html.js';
import type { Section } from '../page.js';

export const failuresSection = (failed: readonly FailedJob[]): Section => ({
  id: 'failed',
  heading: 'Failed',
  body: html`<ul class="prose">${failed.map(({ name, reason, log }) => html`<li>${name}: ${reason} (<code>${log}</code>)</li>`)}</ul>`,
});
