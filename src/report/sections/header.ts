/** Top and bottom of the demo report: what was done, the notice about the data, and how the page came about. */
import { duration } from '../../core/progress.js';
import { dateTime } from '../format.js';
import { html, type Html } from '../html.js';
import type { DemoReport } from '../report-data.js';

export const headerSection = ({ title, summary }: DemoReport): Html => html`
<p class="product">medweave</p>
<h1>${title}</h1>
<p class="summary">${summary}</p>
<p class="notice" role="note"><strong>Synthetic data, not for clinical use.</strong> A program wrote every patient, visit and note behind this page.
The figures say how the software works, nothing about real patients.</p>`;

export const footerSection = ({ version, createdAt, device, seconds }: DemoReport): Html => html`
<p>medweave ${version} · <time datetime="${createdAt}">${dateTime(createdAt)}</time> · ${device} · ${duration(seconds)} in all</p>`;
