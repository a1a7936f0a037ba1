/** What the commands of the keyboard do. */
import { commandOf, type Command, type Focus } from './commands.js';
import { around } from './dom.js';
import { listed, nextOpen } from './listing.js';
import type { Decision } from './state.js';
import type { Store } from './store.js';
import type { CodeList } from './views/code-list.js';
import type { NoteView } from './views/note-view.js';

export interface Commanded {
  store: Store;
  list: CodeList;
  note: NoteView;
  code(): void;
}

export function listenToKeys(commanded: Commanded): void {
  document.addEventListener('keydown', (event) => {
    const focus = focusOf(event);
    const command = commandOf(event, focus);
    if (command === undefined) return;
    event.preventDefault();
    obey(command, focus, commanded);
  });
}

function focusOf(event: Event): Focus {
  if (around(event, 'input, textarea, select')) return 'field';
  if (around(event, '#list')) return 'list';
  return around(event, '#text') ? 'note' : 'elsewhere';
}

function obey(command: Command, focus: Focus, { store, list, note, code }: Commanded): void {
  const pane = focus === 'note' ? note : list;
  const actions: Record<Command, () => void> = {
    code,
    next: () => pane.move(1),
    previous: () => pane.move(-1),
    first: () => pane.move(-Infinity),
    last: () => pane.move(Infinity),
    accept: () => decide('accepted', focus, store, list),
    reject: () => decide('rejected', focus, store, list),
    undo: () => store.dispatch({ type: 'undo' }),
    release: () => store.dispatch({ type: 'select' }),
  };
  actions[command]();
}

/** In the list the focus goes on to what is open still; a decision that was taken back stays where it is. */
function decide(decision: Decision, focus: Focus, store: Store, list: CodeList): void {
  const key = list.target();
  if (key === undefined) return;
  store.dispatch({ type: 'decide', key, decision });
  const decided = store.state().review?.decisions[key] === decision;
  if (focus === 'list' && decided) list.focus(nextOpen(listed(store.state()), key));
}
