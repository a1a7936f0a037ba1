/** Holds the state and tells everyone who shows something of it. */
import { reduce, type Action } from './reducer.js';
import type { State } from './state.js';

/** @param before undefined the first time */
export type View = (state: State, before: State | undefined) => void;

export interface Store {
  state(): State;
  dispatch(action: Action): void;
  /** Shows the present state at once. */
  show(view: View): void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const views: View[] = [];
  return {
    state: () => state,
    dispatch: (action) => {
      const before = state;
      state = reduce(state, action);
      for (const view of views) view(state, before);
    },
    show: (view) => {
      views.push(view);
      view(state, undefined);
    },
  };
}
