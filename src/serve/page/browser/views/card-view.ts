/** What the model is: a line under the heading, and the whole card on demand. */
import { cardFacts, cardLine, limitation, taskName, type ModelCard } from '../card.js';
import { byId, element } from '../dom.js';

export function showModelCard(card: ModelCard): void {
  document.title = `medweave: ${taskName(card.task)}`;
  byId('task', HTMLElement).textContent = taskName(card.task);
  byId('about', HTMLElement).textContent = [cardLine(card), limitation(card)].filter(Boolean).join(' ');
  byId('licence', HTMLElement).textContent = [card.licence_notice, card.do_not_share && 'Do not share.'].filter(Boolean).join(' ');
  byId('card', HTMLDetailsElement).hidden = false;
  byId('card-facts', HTMLElement).replaceChildren(...cardFacts(card).map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}
