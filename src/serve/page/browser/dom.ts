/** Elements made and found. Text only ever becomes text: nothing here parses markup. */

type Child = Node | string | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** @param attributes `true` is an empty attribute; `false` and undefined are none */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) setAttribute(made, attribute, value);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

export function setAttribute(of: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) of.removeAttribute(name);
  else of.setAttribute(name, value === true ? '' : String(value));
}

/** @throws where the document has no such element of that type: it and the scripts are served together */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return found;
}

/** What `closest` finds around an event's target. */
export const around = (event: Event, selector: string): HTMLElement | undefined =>
  event.target instanceof Element ? (event.target.closest<HTMLElement>(selector) ?? undefined) : undefined;

const SVG = 'http://www.w3.org/2000/svg';

/** One of the document's symbols. */
export function icon(id: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${id}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

export const percent = (share: number): string => {
  const value = share * 100;
  return value > 0 && value < 1 ? '< 1 %' : `${Math.min(Math.round(value), value < 100 ? 99 : 100)} %`;
};
