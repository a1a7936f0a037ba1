/** The list of codes: a grid whose rows take the focus one at a time. */
import { keyOf } from '../codes.js';
import { around, byId, element } from '../dom.js';
import { listed, type ListedCode } from '../listing.js';
import type { Decision, State } from '../state.js';
import type { Store, View } from '../store.js';
import { createRow, type CodeRow } from './code-row.js';
import type { NoteView } from './note-view.js';

export interface CodeList {
  view: View;
  /** Moves the focus, which selects. */
  focus(key: string): void;
  /** By so many rows from that of `target`, to the ends at most. */
  move(by: number): void;
  /** The key of the row that has the focus, or of the selected one. */
  target(): string | undefined;
}

/** @param evidence whether the model says where its codes come from */
export function createCodeList(store: Store, note: NoteView, evidence: () => boolean): CodeList {
  const table = byId('list', HTMLTableElement);
  const groups = { predicted: byId('predicted', HTMLTableSectionElement), below: byId('below', HTMLTableSectionElement) };
  let rows = new Map<string, CodeRow>();
  let order: string[] = [];

  const rebuild = (state: State, codes: readonly ListedCode[], fresh: boolean): void => {
    const context = { characters: Array.from(state.review?.record.text ?? ''), evidence: evidence() };
    const kept = fresh ? new Map<string, CodeRow>() : rows;
    rows = new Map(codes.map((code) => [code.key, kept.get(code.key) ?? createRow(code, context)]));
    const lines = (counts: boolean): HTMLElement[] => codes.filter((code) => code.counts === counts).map(({ key }) => rows.get(key)!.row);
    groups.predicted.replaceChildren(...lines(true));
    groups.below.replaceChildren(...withHeading(lines(false)));
  };

  const view: View = (state, before) => {
    const codes = listed(state);
    const hadFocus = table.contains(document.activeElement);
    const fresh = state.review?.codedAt !== before?.review?.codedAt;
    const next = codes.map(({ key, counts }) => `${key} ${counts}`);
    if (fresh || next.join() !== order.join()) rebuild(state, codes, fresh);
    order = next;
    table.hidden = codes.length === 0;
    update(state, codes, rows, note);
    // Rows that moved have lost the focus.
    if (hadFocus && !table.contains(document.activeElement)) rows.get(state.selected ?? codes[0]?.key ?? '')?.row.focus();
  };

  const focus = (key: string): void => rows.get(key)?.row.focus();
  const target = (): string | undefined => (document.activeElement?.closest<HTMLElement>('tr[data-key]') ?? undefined)?.dataset['key'] ?? store.state().selected;
  const move = (by: number): void => {
    const keys = [...rows.keys()];
    const at = keys.indexOf(target() ?? '');
    const to = keys[Math.max(0, Math.min(keys.length - 1, at + by))];
    if (to !== undefined) focus(to);
  };
  listen(table, store, note);
  return { view, focus, move, target };
}

function withHeading(lines: readonly HTMLElement[]): HTMLElement[] {
  if (!lines.length) return [];
  return [element('tr', { class: 'group' }, element('th', { colspan: 3, scope: 'rowgroup' }, `Below the threshold: ${lines.length}`)), ...lines];
}

function update(state: State, codes: readonly ListedCode[], rows: ReadonlyMap<string, CodeRow>, note: NoteView): void {
  const pointedCode = state.pointed && 'code' in state.pointed ? state.pointed.code : undefined;
  const resting = new Map(state.pointed && 'place' in state.pointed ? note.restingOn(state.pointed.place).map(({ key, weight }) => [key, weight]) : []);
  const current = codes.some(({ key }) => key === state.selected) ? state.selected : codes[0]?.key;
  for (const code of codes) {
    const { key } = code;
    rows.get(key)?.update({ code, selected: key === state.selected, active: key === (pointedCode ?? state.selected), resting: resting.get(key), current: key === current });
  }
}

function listen(table: HTMLTableElement, store: Store, note: NoteView): void {
  const keyAt = (event: Event): string | undefined => around(event, 'tr[data-key]')?.dataset['key'];
  table.addEventListener('pointerover', (event) => {
    const code = keyAt(event);
    store.dispatch({ type: 'point', at: code === undefined ? undefined : { code } });
  });
  table.addEventListener('pointerleave', () => store.dispatch({ type: 'point' }));
  const select = (event: Event): void => {
    const key = keyAt(event);
    if (key === undefined || key === store.state().selected) return;
    store.dispatch({ type: 'select', key });
    note.reveal(strongest(store.state(), key));
  };
  // Selecting opens one row and closes another: between a press and its release that would move what is pressed away.
  let pressing = false;
  table.addEventListener('pointerdown', () => (pressing = true));
  addEventListener('pointerup', () => (pressing = false));
  addEventListener('pointercancel', () => (pressing = false));
  table.addEventListener('focusin', (event) => pressing || select(event));
  table.addEventListener('click', (event) => {
    const button = around(event, '[data-decide]');
    if (button) return store.dispatch({ type: 'decide', key: button.dataset['of']!, decision: button.dataset['decide'] as Decision });
    select(event);
    const quote = around(event, '[data-start]');
    if (quote) note.reveal(Number(quote.dataset['start']), true);
  });
}

/** Where the most of a code's evidence begins. */
function strongest({ review }: State, key: string): number | undefined {
  const spans = review?.codes.find((code) => keyOf(code) === key)?.spans ?? [];
  return [...spans].sort((a, b) => b.weight - a.weight)[0]?.start;
}
