/** Figures: a plot with its caption, drawn once for wide and once for narrow screens where scaling would make it unreadable. */
import { html, type Html, type HtmlValue } from './html.js';

/** Widths in CSS pixels at which plots are drawn. */
export const WIDE = 976;
export const NARROW = 350;

export type DrawAt = (size: { width: number; suffix: string }) => Html;

/** Style sheet rules show one of the two; `suffix` keeps their ids apart. */
export const bothWidths = (draw: DrawAt): Html => html`
<div class="wide">${draw({ width: WIDE, suffix: 'wide' })}</div>
<div class="narrow">${draw({ width: NARROW, suffix: 'narrow' })}</div>`;

export const figureOf = (content: HtmlValue, caption: HtmlValue): Html => html`
<figure>
${content}
<figcaption>${caption}</figcaption>
</figure>`;

/** Stands where a plot would, when nothing was measured. */
export const nothingMeasured = html`<p class="absent">Nothing was measured.</p>`;
