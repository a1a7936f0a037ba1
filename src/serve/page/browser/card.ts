/** The model's card, `GET /v1/model`, and what the page shows of it. */
import { systemName } from './codes.js';

export interface ModelCard {
  task: string;
  /** `text`, `dx`, `px`, `rx`, `history`. */
  inputs: readonly string[];
  /** How many. */
  labels: number;
  /** Code systems of the labels. */
  systems: readonly string[];
  command: string;
  version: string;
  /** Pieces of the text that it reads at most. */
  max_tokens?: number;
  /** Whether `POST /v1/explain` answers. */
  explains: boolean;
  licence_notice?: string;
  do_not_share: boolean;
}

const TASKS: Record<string, string> = { 'icd-coding': 'Clinical coding', readmission: 'Readmission', medication: 'Medication recommendation' };
const INPUTS: Record<string, string> = { text: 'the note', dx: 'diagnosis codes', px: 'procedure codes', rx: 'medication codes', history: 'past visits' };

export const taskName = (task: string): string => TASKS[task] ?? task;

export const spellInputs = (inputs: readonly string[]): string => joinWords(inputs.map((input) => INPUTS[input] ?? input));

const joinWords = (words: readonly string[]): string => (words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

/** Codes to choose from and to decide on, or the one probability of readmission. */
export const predictsCodes = ({ task }: ModelCard): boolean => task !== 'readmission';

export const cardLine = (card: ModelCard): string => {
  const reads = `Reads ${spellInputs(card.inputs)}`;
  return predictsCodes(card) ? `${reads}; chooses from ${count(card.labels)} codes of ${joinWords(card.systems.map(systemName))}.` : `${reads}.`;
};

const count = (value: number): string => value.toLocaleString('en-US');

/** Name and value of each line. */
export function cardFacts(card: ModelCard): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['Task', card.task],
    ['Reads', spellInputs(card.inputs)],
    ['Labels', predictsCodes(card) ? `${count(card.labels)} (${card.systems.map(systemName).join(', ')})` : undefined],
    ['Length', card.max_tokens === undefined ? undefined : `${count(card.max_tokens)} word pieces of a note`],
    ['Made by', `medweave ${card.command}, version ${card.version}`],
    ['Licence', card.licence_notice],
    ['Sharing', card.do_not_share ? 'Do not share the model or what it says of real notes: its data is credentialed.' : undefined],
    ['Use', 'Research only. Not for clinical use.'],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}

/** Of a model that reads past visits the page asks what comes after the one that it holds. */
export const readsHistory = ({ inputs }: Pick<ModelCard, 'inputs'>): boolean => inputs.includes('history');

/** What a person should know before reading an answer; undefined where there is nothing. */
export const limitation = (card: ModelCard): string | undefined =>
  readsHistory(card) ? 'What is written here is taken for the patient’s one past visit, and the answer is for the next. More visits can be sent to the service as "history".' : undefined;
