/** The page's state: every step keeps what a person has done, and undo goes back one step at a time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listed, nextOpen, progressOf, restingThreshold, spellProgress } from '../../../src/serve/page/browser/listing.js';
import { reduce, type Action } from '../../../src/serve/page/browser/reducer.js';
import { initialState, isStale, type State } from '../../../src/serve/page/browser/state.js';
import { announcement } from '../../../src/serve/page/browser/announcements.js';
import { CODES, coded, draft, reviewed } from './reviews.js';

const after = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state);
const withReview: State = { ...initialState, draft: draft(), review: reviewed(), writing: false };
const answer = (codes = CODES, at = '2026-11-21T00:01:00.000Z'): Action => ({ type: 'coded', record: draft({ text: 'changed' }), answer: { codes, unknown_codes: [], truncated: false }, at });
const accept = (code: string): Action => ({ type: 'decide', key: `icd10cm:${code}`, decision: 'accepted' });
const reject = (code: string): Action => ({ type: 'decide', key: `icd10cm:${code}`, decision: 'rejected' });
const progress = (state: State): string => spellProgress(progressOf(listed(state)));

describe('decisions', () => {
  it('are counted; a code below the threshold counts once it is decided', () => {
    expect(progress(withReview)).toBe('0 accepted, 0 rejected, 2 open');
    expect(progress(after(withReview, accept('E11.9'), reject('J18.9')))).toBe('1 accepted, 1 rejected, 1 open');
  });

  it('a second time are taken back, the other way are changed', () => {
    expect(after(withReview, accept('I10'), accept('I10')).review!.decisions).toEqual({});
    expect(after(withReview, accept('I10'), reject('I10')).review!.decisions).toEqual({ 'icd10cm:I10': 'rejected' });
  });

  it('are kept when the note is changed and coded again, and so is an accepted code that the model no longer lists', () => {
    const again = after(withReview, accept('E11.9'), reject('I10'), accept('J18.9'), reject('J18.9'), answer([coded('I10', 0.7, true)]));
    expect(again.review!.decisions).toEqual({ 'icd10cm:E11.9': 'accepted', 'icd10cm:I10': 'rejected' });
    expect(again.review!.codes.map(({ code, from, score }) => [code, from, score])).toEqual([['I10', 'model', 0.7], ['E11.9', 'person', undefined]]);
    expect(again.review!.codes[1]!.spans).toEqual([]);
  });

  it('are not taken where there is one probability', () => {
    expect(after(withReview, { type: 'model', decides: false }, accept('I10')).review!.decisions).toEqual({});
  });

  it('are gone with another note, until that is undone', () => {
    const opened = after(withReview, accept('I10'), { type: 'open', draft: draft({ text: 'another' }) });
    expect(opened).toMatchObject({ writing: true, draft: { text: 'another' } });
    expect(opened.review).toBeUndefined();
    expect(after(opened, { type: 'undo' })).toMatchObject({ writing: false, draft: { text: 'a note' }, review: { decisions: { 'icd10cm:I10': 'accepted' } } });
  });
});

describe('a code added by hand', () => {
  it('is accepted, first and selected', () => {
    const added = after(withReview, { type: 'add', code: { system: 'icd10cm', code: 'Z66' }, title: 'Do not resuscitate' });
    expect(listed(added)[0]).toMatchObject({ code: 'Z66', kind: 'dx', title: 'Do not resuscitate', from: 'person', decision: 'accepted', counts: true });
    expect(added.selected).toBe('icd10cm:Z66');
  });

  it('is accepted where it is listed already', () => {
    const added = after(withReview, { type: 'add', code: { system: 'icd10cm', code: 'J18.9' } });
    expect(added.review!.codes).toHaveLength(3);
    expect(added.review!.decisions).toEqual({ 'icd10cm:J18.9': 'accepted' });
  });
});

describe('undo', () => {
  it('keeps what was typed since', () => {
    const typed = after(withReview, accept('I10'), { type: 'write', draft: { text: 'typed on' } }, { type: 'undo' });
    expect(typed.draft.text).toBe('typed on');
    expect(isStale(typed)).toBe(true);
  });

  it('of an empty page does nothing, and opening a note on one is no step', () => {
    expect(after(initialState, { type: 'undo' })).toBe(initialState);
    expect(after(initialState, { type: 'open', draft: draft() }).past).toEqual([]);
  });

  it('takes any steps back one by one', () => {
    const code = fc.constantFrom('E11.9', 'I10', 'J18.9', 'Z66', 'K35.80');
    const step: fc.Arbitrary<Action> = fc.oneof(
      fc.record({ type: fc.constant('decide' as const), key: code.map((c) => `icd10cm:${c}`), decision: fc.constantFrom('accepted' as const, 'rejected' as const) }),
      fc.record({ type: fc.constant('add' as const), code: fc.record({ system: fc.constant('icd10cm'), code }) }),
      code.map((c) => answer([coded(c, 0.8, true)])),
      fc.constant<Action>({ type: 'open', draft: draft({ text: 'another' }) }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const states = [withReview];
      for (const one of steps) states.push(reduce(states.at(-1)!, one));
      const undoable = states.slice(0, -1).filter((state, n) => states[n + 1]!.past.length > state.past.length);
      let state = states.at(-1)!;
      for (const before of undoable.reverse()) {
        state = reduce(state, { type: 'undo' });
        expect(state.review).toEqual(before.review);
      }
      expect(state.past).toEqual([]);
    }));
  });
});

describe('the list', () => {
  it('follows the threshold, strictly above, and the model’s own rule without one', () => {
    const counting = (threshold?: number): string[] => listed({ ...withReview, threshold }).filter(({ counts }) => counts).map(({ code }) => code);
    expect(counting()).toEqual(['E11.9', 'I10']);
    expect(counting(0.6)).toEqual(['E11.9']);
    expect(counting(0.1)).toEqual(['E11.9', 'I10', 'J18.9']);
    expect(counting(1)).toEqual([]);
    expect(restingThreshold(withReview.review!.codes)).toBe(0.6);
  });

  it('puts what is above the threshold first, by the model’s own rule too', () => {
    const codes = [coded('A00', 0.5, false), coded('B00', 0.4, true)];
    expect(listed({ review: reviewed(codes) }).map(({ code }) => code)).toEqual(['B00', 'A00']);
  });

  it('goes on to the next open code, else to the next, else stays', () => {
    const codes = listed(after(withReview, accept('I10')));
    expect(nextOpen(codes, 'icd10cm:E11.9')).toBe('icd10cm:I10');
    expect(nextOpen(listed(withReview), 'icd10cm:E11.9')).toBe('icd10cm:I10');
    expect(nextOpen(codes, 'icd10cm:J18.9')).toBe('icd10cm:J18.9');
  });
});

describe('screen readers', () => {
  const said = (before: State, action: Action): string | undefined => announcement(reduce(before, action), before);

  it('hear each decision and how far the review is', () => {
    expect(said(withReview, accept('I10'))).toBe('I10 accepted. 1 accepted, 0 rejected, 1 open.');
    expect(said(after(withReview, accept('I10')), accept('I10'))).toBe('I10 open again. 0 accepted, 0 rejected, 2 open.');
    expect(said(after(withReview, accept('I10')), { type: 'undo' })).toBe('Undone. 0 accepted, 0 rejected, 2 open.');
  });

  it('hear what the server does', () => {
    expect(said(withReview, { type: 'code' })).toBe('Looking for codes.');
    expect(said(withReview, { type: 'wait', seconds: 1.2 })).toBe('The server is busy. Trying again in 2 seconds.');
    expect(said(initialState, answer())).toBe('3 codes listed. 0 accepted, 0 rejected, 2 open.');
  });

  it('are left in peace otherwise', () => {
    expect(said(withReview, { type: 'point', at: { place: 0 } })).toBeUndefined();
    expect(said(withReview, { type: 'write', draft: { text: 'x' } })).toBeUndefined();
  });
});
