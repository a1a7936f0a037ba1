/** How the page's state follows from what happens. */
import type { Failure } from './client.js';
import { keyOf, kindOf } from './codes.js';
import type { Coded, GivenCode } from './contract.js';
import { reviewOf, type Decision, type Draft, type Pointed, type ReviewedCode, type State } from './state.js';

export type Action =
  | { type: 'model'; decides: boolean }
  | { type: 'write'; draft: Partial<Draft> }
  | { type: 'give'; codes: readonly GivenCode[] }
  | { type: 'withdraw'; key: string }
  | { type: 'open'; draft: Draft }
  | { type: 'edit' }
  | { type: 'code' }
  | { type: 'wait'; seconds: number }
  | { type: 'fail'; failure: Failure }
  | { type: 'cancel' }
  | { type: 'coded'; record: Draft; answer: Coded; at: string }
  | { type: 'decide'; key: string; decision: Decision }
  | { type: 'add'; code: GivenCode; title?: string }
  | { type: 'undo' }
  | { type: 'threshold'; value?: number }
  | { type: 'select'; key?: string }
  | { type: 'point'; at?: Pointed };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'model':
      return { ...state, decides: action.decides };
    case 'write':
      return { ...state, draft: { ...state.draft, ...action.draft } };
    case 'give':
      return { ...state, draft: { ...state.draft, codes: joined(state.draft.codes, action.codes) } };
    case 'withdraw':
      return { ...state, draft: { ...state.draft, codes: state.draft.codes.filter((code) => keyOf(code) !== action.key) } };
    case 'open':
      return { ...(isEmpty(state) ? state : remember(state, true)), draft: action.draft, review: undefined, writing: true, selected: undefined, pointed: undefined, request: { is: 'idle' } };
    case 'edit':
      return { ...state, writing: true, pointed: undefined };
    case 'code':
      return { ...state, request: { is: 'coding' } };
    case 'wait':
      return { ...state, request: { is: 'waiting', seconds: action.seconds } };
    case 'fail':
      return { ...state, request: { is: 'failed', failure: action.failure } };
    case 'cancel':
      return { ...state, request: { is: 'idle' } };
    case 'coded':
      return coded(state, action);
    case 'decide':
      return decided(state, action.key, action.decision);
    case 'add':
      return added(state, action.code, action.title);
    case 'undo':
      return undone(state);
    case 'threshold':
      return { ...state, threshold: action.value };
    case 'select':
      return { ...state, selected: action.key, pointed: undefined };
    case 'point':
      return { ...state, pointed: action.at };
  }
}

const isEmpty = ({ review, draft: { text, codes } }: State): boolean => !review && !text && !codes.length;

function joined(codes: readonly GivenCode[], more: readonly GivenCode[]): GivenCode[] {
  const given = new Set(codes.map(keyOf));
  return [...codes, ...more.filter((code) => !given.has(keyOf(code)))];
}

const remember = (state: State, withDraft = false): State => ({
  ...state,
  past: [...state.past, { review: state.review, ...(withDraft && { draft: state.draft }) }],
});

function coded(state: State, { record, answer, at }: Extract<Action, { type: 'coded' }>): State {
  const review = reviewOf(record, answer, { codedAt: at, before: state.review });
  return { ...(state.review ? remember(state) : state), review, writing: false, selected: undefined, pointed: undefined, request: { is: 'idle' } };
}

/** The same decision a second time takes it back. */
function decided(state: State, key: string, decision: Decision): State {
  if (!state.review || !state.decides) return state;
  const { [key]: before, ...others } = state.review.decisions;
  const decisions = before === decision ? others : { ...others, [key]: decision };
  return { ...remember(state), review: { ...state.review, decisions } };
}

/** A code that is listed already is accepted there. */
function added(state: State, { system, code }: GivenCode, title?: string): State {
  if (!state.review) return state;
  const key = keyOf({ system, code });
  const listed = state.review.codes.some((one) => keyOf(one) === key);
  const fresh: ReviewedCode = { system, code, kind: kindOf(system), title, predicted: false, hierarchy: [], spans: [], from: 'person' };
  const codes = listed ? state.review.codes : [fresh, ...state.review.codes];
  const decisions = { ...state.review.decisions, [key]: 'accepted' as const };
  return { ...remember(state), review: { ...state.review, codes, decisions }, selected: key, pointed: undefined };
}

function undone(state: State): State {
  const last = state.past.at(-1);
  if (!last) return state;
  const draft = last.draft ?? state.draft;
  const review = last.review;
  const selected = review?.codes.some((code) => keyOf(code) === state.selected) ? state.selected : undefined;
  return { ...state, past: state.past.slice(0, -1), draft, review, selected, pointed: undefined, writing: last.draft ? !review : state.writing };
}
