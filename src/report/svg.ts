/** Observable Plot on the server: a plot becomes accessible, self-contained SVG text. */
import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';
import { toText, trusted, type Html } from './html.js';
import { palette } from './stylesheet.js';

export interface PlotDescription {
  /** Unique in the page; the ids of title and description derive from it. */
  id: string;
  /** What is shown, in a few words. */
  title: string;
  /** What a reader who cannot see it needs to know. */
  description: string;
}

/** Colours are CSS variables of the page and `currentColor`, so that one picture serves light, dark and print. */
export function renderPlot({ id, title, description }: PlotDescription, options: Plot.PlotOptions): Html {
  const { window } = new JSDOM('');
  const { document } = window;
  const svg = Plot.plot({ ...options, document, figure: false, className: 'plot' }) as SVGSVGElement;
  // Plot repeats its style sheet in every picture; the page's has the same rules once.
  svg.querySelector('style')?.remove();
  for (const [tag, text] of [['desc', description], ['title', title]] as const) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    element.id = `${id}-${tag}`;
    element.textContent = text;
    svg.prepend(element);
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title ${id}-desc`);
  const text = svg.outerHTML;
  window.close();
  return trusted(text);
}

/** A picture of {@link renderPlot} as a file of its own: with the page's colours, light and dark, and its font. */
export const standaloneSvg = (picture: Html): Html =>
  trusted(`${toText(picture).replace(/^<svg([^>]*)>/, `<svg xmlns="http://www.w3.org/2000/svg"$1><style>${palette}svg { background: var(--paper); color: var(--ink); font-family: system-ui, "Liberation Sans", sans-serif; }</style>`)}\n`);
