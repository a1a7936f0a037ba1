/** HTML text that is safe by construction: the `html` template escapes whatever it does not know to be markup. */

const markup = Symbol('markup');

/** Markup that may be put into a page as it is; only {@link html} and {@link trusted} make it. */
export interface Html {
  readonly [markup]: string;
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

/** Declares text to be markup. For the output of a serialiser (an SVG) and our own constants, never for data. */
export const trusted = (text: string): Html => ({ [markup]: text });

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  if (markup in value) return value[markup];
  return value.map(render).join('');
}

/** Tagged template for elements and attribute values (always write attribute values in quotes). */
export const html = (parts: TemplateStringsArray, ...values: HtmlValue[]): Html =>
  trusted(parts.reduce((text, part, i) => `${text}${render(values[i - 1])}${part}`));

export const toText = (value: Html): string => value[markup];
