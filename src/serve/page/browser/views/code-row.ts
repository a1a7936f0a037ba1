/** One code in the list: made once for an answer, then kept up to date. */
import { systemName } from '../codes.js';
import { element, icon, percent, setAttribute } from '../dom.js';
import { quotesOf, tintShare } from '../evidence.js';
import type { ListedCode } from '../listing.js';
import type { Decision } from '../state.js';

export interface RowState {
  code: ListedCode;
  selected: boolean;
  /** Its evidence is what the note highlights. */
  active: boolean;
  /** How much of its evidence is the place that is pointed at, 0–1. */
  resting?: number;
  /** The row that Tab comes to. */
  current: boolean;
}

export interface CodeRow {
  row: HTMLTableRowElement;
  update(state: RowState): void;
}

export interface RowContext {
  /** The note's code points. */
  characters: readonly string[];
  /** Whether the model says where its codes come from. */
  evidence: boolean;
}

export function createRow(code: ListedCode, context: RowContext): CodeRow {
  const detail = element('div', { class: 'detail', hidden: true });
  const buttons = (['accepted', 'rejected'] as const).map((decision) => decisionButton(code, decision));
  const what = element('td', { class: 'what' }, headline(code), pathLine(code), detail);
  const decision = element('td', { class: 'decision' }, element('span', { class: 'buttons' }, ...buttons.map(({ button }) => button)));
  const row = element('tr', { class: 'code', 'data-key': code.key }, what, scoreCell(code), decision);
  const update = (state: RowState): void => {
    setAttribute(row, 'tabindex', state.current ? 0 : -1);
    setAttribute(row, 'aria-selected', String(state.selected));
    setAttribute(row, 'data-decision', state.code.decision);
    row.classList.toggle('active', state.active);
    row.classList.toggle('resting', state.resting !== undefined);
    row.style.setProperty('--resting', `${Math.round(30 * (state.resting ?? 0))}%`);
    for (const { button, means } of buttons) updateButton(button, state, means);
    if (state.selected && !detail.hasChildNodes()) detail.append(...details(code, context));
    detail.hidden = !state.selected;
  };
  return { row, update };
}

const headline = ({ system, code, title, from }: ListedCode): HTMLElement =>
  element('div', { class: 'headline' }, element('span', { class: 'name', title: systemName(system) }, code), ' ', element('span', { class: 'title' }, title ?? ''), from === 'person' && element('span', { class: 'tag' }, 'by hand'));

/** The code itself ends the hierarchy: it is in the headline. */
const ancestors = ({ hierarchy, code }: ListedCode) => hierarchy.filter((node) => node.code !== code);

function pathLine(code: ListedCode): HTMLElement | undefined {
  const above = ancestors(code);
  if (!above.length) return undefined;
  return element('div', { class: 'path' }, above.map((node) => node.title ?? node.code).join(' › '));
}

function scoreCell({ score }: ListedCode): HTMLTableCellElement {
  if (score === undefined) return element('td', { class: 'score' }, element('span', { class: 'hidden' }, 'no probability'));
  const fill = element('span', { class: 'fill' });
  fill.style.setProperty('--share', String(score));
  return element('td', { class: 'score' }, element('span', { class: 'figure' }, percent(score)), element('span', { class: 'gauge', 'aria-hidden': 'true' }, fill));
}

function decisionButton({ code, key }: ListedCode, means: Decision): { button: HTMLButtonElement; means: Decision } {
  const verb = means === 'accepted' ? 'accept' : 'reject';
  const name = `${verb === 'accept' ? 'Accept' : 'Reject'} ${code}`;
  const attributes = { type: 'button', class: verb, 'data-decide': means, 'data-of': key, 'aria-label': name, title: `${name} (${verb[0]})`, 'aria-keyshortcuts': verb[0] };
  return { button: element('button', attributes, icon(verb)), means };
}

function updateButton(button: HTMLButtonElement, { code, current }: RowState, means: Decision): void {
  setAttribute(button, 'aria-pressed', String(code.decision === means));
  setAttribute(button, 'tabindex', current ? 0 : -1);
}

function details(code: ListedCode, context: RowContext): HTMLElement[] {
  const tree = hierarchyTree(code);
  return [...(tree ? [tree] : []), ...(context.evidence ? [evidenceList(code, context)] : [])];
}

function hierarchyTree(code: ListedCode): HTMLElement | undefined {
  const nodes = [...ancestors(code), { code: code.code, title: undefined }];
  if (nodes.length < 2) return undefined;
  const items = nodes.map((node, depth) => {
    const item = element('li', { 'aria-current': depth === nodes.length - 1 ? 'true' : undefined }, element('span', { class: 'name' }, node.code), ' ', node.title === node.code ? '' : (node.title ?? ''));
    item.style.setProperty('--depth', String(depth));
    return item;
  });
  return element('ol', { class: 'tree', 'aria-label': `Place in ${systemName(code.system)}` }, ...items);
}

function evidenceList({ spans, from }: ListedCode, { characters }: RowContext): HTMLElement {
  const quotes = quotesOf(characters, spans);
  if (!quotes.length) return element('p', { class: 'none' }, from === 'person' ? 'A person added it: no evidence is known.' : 'No place of the note speaks for it.');
  const items = quotes.map(({ text, weight, start }) => {
    const quote = element('button', { type: 'button', class: 'quote', 'data-start': start, title: 'Show in the note' }, `“${text}”`);
    quote.style.setProperty('--tint', tintShare(weight, quotes[0]!.weight));
    return element('li', {}, quote, ' ', element('span', { class: 'share' }, `${percent(weight)} of its evidence`));
  });
  return element('ul', { class: 'quotes', 'aria-label': 'Evidence in the note' }, ...items);
}
