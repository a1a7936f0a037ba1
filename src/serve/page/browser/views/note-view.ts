/** The note to be read: its text with the evidence tinted, and what rests on the place that is pointed at. */
import { around, byId, element, percent, setAttribute } from '../dom.js';
import { largestWeight, placesOf, restingOn, tintShare, type Place } from '../evidence.js';
import { listed, type ListedCode } from '../listing.js';
import type { State } from '../state.js';
import type { Store, View } from '../store.js';

export interface NoteView {
  view: View;
  restingOn(place: number): { key: string; weight: number }[];
  /** Scrolls to a code point of the text. @param flash draws the eye to it */
  reveal(start: number | undefined, flash?: boolean): void;
  /** Moves the focus among the tinted places. */
  move(by: number): void;
}

interface Mark {
  place: Place;
  /** In code points. */
  start: number;
  element: HTMLElement;
  tinted: boolean;
}

const EVEN = '16%';

/** @param onChoose told of the code that rests most on a place which was clicked */
export function createNoteView(store: Store, onChoose: (key: string) => void): NoteView {
  const text = byId('text', HTMLElement);
  const here = byId('place', HTMLElement);
  let marks: Mark[] = [];

  const view: View = (state, before) => {
    const fresh = state.review?.record.text !== before?.review?.record.text || state.review?.codedAt !== before?.review?.codedAt;
    if (fresh) marks = showText(text, state);
    if (before && state.review === before.review && state.selected === before.selected && state.pointed === before.pointed && state.threshold === before.threshold) return;
    tintMarks(state, marks);
    here.replaceChildren(...placeLine(state, marks));
    here.hidden = marks.length === 0;
  };
  const resting = (place: number): { key: string; weight: number }[] => (marks[place] ? restingOn(marks[place].place) : []);
  const move = (by: number): void => {
    const tinted = marks.filter((mark) => mark.tinted);
    const at = tinted.findIndex((mark) => mark.element === document.activeElement);
    tinted[Math.max(0, Math.min(tinted.length - 1, at + by))]?.element.focus();
  };
  const reveal = (start: number | undefined, flash = false): void => {
    const mark = marks.find((one) => start !== undefined && one.start >= start);
    mark?.element.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
    if (flash && !calm()) mark?.element.animate([{ outline: '3px solid currentColor' }, { outline: '3px solid transparent' }], 900);
  };
  listen(text, store, (place) => resting(place).slice(0, 1).forEach(({ key }) => onChoose(key)));
  return { view, restingOn: resting, reveal, move };
}

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Places without evidence are plain text. */
function showText(text: HTMLElement, { review }: State): Mark[] {
  const marks: Mark[] = [];
  let start = 0;
  const nodes = placesOf(review?.record.text ?? '', review?.codes ?? []).map((place) => {
    const begins = start;
    start += Array.from(place.text).length;
    if (!place.weights.size) return place.text;
    const mark = element('mark', { 'data-place': marks.length }, place.text);
    marks.push({ place, start: begins, element: mark, tinted: false });
    return mark;
  });
  text.replaceChildren(...nodes);
  return marks;
}

/** Of one code by its weights; without one, evenly wherever a code rests that was not rejected. */
function tintMarks(state: State, marks: readonly Mark[]): void {
  const active = state.pointed && 'code' in state.pointed ? state.pointed.code : state.selected;
  const shown = new Set(listed(state).filter(({ counts, decision }) => counts && decision !== 'rejected').map(({ key }) => key));
  const largest = active === undefined ? 0 : largestWeight(marks.map(({ place }) => place), active);
  const strength = ({ weights }: Place): string | undefined => {
    if (active !== undefined) return weights.has(active) ? tintShare(weights.get(active)!, largest) : undefined;
    return [...weights.keys()].some((key) => shown.has(key)) ? EVEN : undefined;
  };
  const pointed = state.pointed && 'place' in state.pointed ? state.pointed.place : undefined;
  let reachable = marks.find((mark) => mark.element === document.activeElement);
  marks.forEach((mark, n) => {
    const share = strength(mark.place);
    mark.tinted = share !== undefined;
    if (mark.tinted) reachable ??= mark;
    mark.element.classList.toggle('tinted', mark.tinted);
    mark.element.classList.toggle('here', n === pointed);
    mark.element.style.setProperty('--tint', share ?? '0%');
  });
  for (const mark of marks) {
    setAttribute(mark.element, 'role', mark.tinted && 'button');
    setAttribute(mark.element, 'tabindex', mark === reachable ? 0 : mark.tinted && -1);
  }
}

const MOST_NAMED = 3;

function placeLine(state: State, marks: readonly Mark[]): (HTMLElement | string)[] {
  const place = state.pointed && 'place' in state.pointed ? marks[state.pointed.place]?.place : undefined;
  if (!place) return ['Point at a tinted place, or move there with Tab and the arrow keys, to see which codes rest on it.'];
  const codes = listed(state).filter(({ key }) => place.weights.has(key));
  const shown = codes.filter(({ counts, key }) => counts || key === state.selected);
  const resting = byWeight(shown.length ? shown : codes, place);
  const named = resting.slice(0, MOST_NAMED).map(({ key, code, title }) =>
    element('span', { class: 'rests' }, element('b', {}, code), ` ${title ?? ''} `, element('span', { class: 'share' }, percent(place.weights.get(key)!))));
  const others = codes.length - named.length;
  return ['Resting here, with the share of their evidence: ', ...named, others > 0 && `and ${others} more`].filter((part) => part !== false);
}

const byWeight = (codes: readonly ListedCode[], { weights }: Place): ListedCode[] => [...codes].sort((a, b) => weights.get(b.key)! - weights.get(a.key)!);

function listen(text: HTMLElement, store: Store, choose: (place: number) => void): void {
  const placeAt = (event: Event): number | undefined => {
    const mark = around(event, 'mark.tinted');
    return mark && Number(mark.dataset['place']);
  };
  const point = (event: Event): void => {
    const place = placeAt(event);
    store.dispatch({ type: 'point', at: place === undefined ? undefined : { place } });
  };
  text.addEventListener('pointerover', point);
  text.addEventListener('focusin', point);
  text.addEventListener('pointerleave', () => store.dispatch({ type: 'point' }));
  text.addEventListener('focusout', () => store.dispatch({ type: 'point' }));
  text.addEventListener('click', (event) => {
    const place = placeAt(event);
    if (place !== undefined) choose(place);
  });
  text.addEventListener('keydown', (event) => {
    const place = placeAt(event);
    if (place === undefined || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    choose(place);
  });
}
