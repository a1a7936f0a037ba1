/** A made-up annotated corpus: sentences of ours, in which some words are the evidence of some codes. */
import type { CodedMention, Note } from '../../../finetune/coder/note.js';

/** Marks evidence: `Refiere [fiebre|R50.9] y [dolor|R52]`. */
const MARK = /\[([^|\]]+)\|([^\]]+)\]/;

export function markedNote(id: string, marked: string, group = id): Note {
  const mentions: CodedMention[] = [];
  let text = marked;
  for (let match = MARK.exec(text); match; match = MARK.exec(text)) {
    const [whole, words, code] = match;
    const start = Array.from(text.slice(0, match.index)).length;
    mentions.push({ code: code!, fragments: [[start, start + Array.from(words!).length]] });
    text = text.replace(whole, words!);
  }
  return { id, group, text, annotations: { dx: { codes: [...new Set(mentions.map(({ code }) => code))], mentions } } };
}

const DISEASES = [
  ['fiebre', 'R50.9'], ['dolor abdominal', 'R10.9'], ['hipertensión arterial', 'I10'], ['diabetes mellitus', 'E11.9'], ['insuficiencia renal', 'N19'],
  ['neumonía', 'J18.9'], ['cefalea', 'R51'], ['fractura de cadera', 'S72.009A'], ['anemia ferropénica', 'D50.9'], ['asma', 'J45.909'],
] as const;
const OPENINGS = ['Varón de 60 años que consulta por', 'Mujer de 34 años que refiere', 'Paciente que ingresa por', 'Niño remitido por'];

/** Notes that mention two or three diseases and deny another. */
export const corpus = (count: number): Note[] =>
  Array.from({ length: count }, (_, n) => {
    const pick = (step: number): (typeof DISEASES)[number] => DISEASES[(n * 3 + step * (1 + (n % 4))) % DISEASES.length]!;
    const present = [pick(0), pick(1), ...(n % 2 ? [pick(2)] : [])];
    const absent = DISEASES.find((disease) => !present.includes(disease) && (disease[0].length + n) % 2)!;
    const marked = [...new Set(present)].map(([words, code]) => `[${words}|${code}]`).join(', y además ');
    return markedNote(`case${Math.floor(n / 2)}-${1 + (n % 2)}`, `${OPENINGS[n % OPENINGS.length]} ${marked}. En la exploración no presenta ${absent[0]}. Se decide alta.`, `case${Math.floor(n / 2)}`);
  });
