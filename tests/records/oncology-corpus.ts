/** A tiny corpus of CodiEsp's shape with other codes: oncology sentences of our own with morphology codes of ICD-O. */
import type { Tables } from './raw.js';

const tumours: readonly [words: string, code: string][] = [
  ['adenocarcinoma', '8140/3'],
  ['carcinoma ductal infiltrante', '8500/3'],
  ['metástasis', '8000/6'],
  ['melanoma in situ', '8720/2'],
  ['melanoma', '8720/3/H'],
  ['tumor benigno', '8000/0'],
];

const places = ['mama', 'colon', 'pulmón', 'hígado', 'piel'];

interface Case {
  name: string;
  text: string;
  /** Words and code, with half-open offsets in code points. */
  mentions: { words: string; code: string; start: number; end: number }[];
}

/** Case `i`: one to three tumours in a few sentences; deterministic. */
function oncologyCase(name: string, i: number): Case {
  let text = `Paciente de ${40 + (i % 40)} años. 🩺 `;
  const mentions: Case['mentions'] = [];
  for (let k = 0; k <= i % 3; k++) {
    const [words, code] = tumours[(i + 2 * k) % tumours.length]!;
    text += 'La biopsia mostró ';
    const start = Array.from(text).length;
    mentions.push({ words, code, start, end: start + Array.from(words).length });
    text += `${words} de ${places[(i * 7 + k) % places.length]!}. `;
  }
  return { name, text, mentions };
}

const cases = (split: string, count: number): Case[] => Array.from({ length: count }, (_, i) => oncologyCase(`onco_${split}${i}`, i));

const table = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.join('\t')}\n`).join('');

const codesOf = (all: readonly Case[]): string => table([['file', 'code'], ...all.flatMap(({ name, mentions }) => mentions.map(({ code }) => [name, code.toLowerCase()]))]);

const spansOf = (all: readonly Case[]): string =>
  table(all.flatMap(({ name, mentions }) => mentions.map(({ words, code, start, end }) => [name, 'MORFOLOGIA_NEOPLASIA', code, words, `${start} ${end}`])));

export const sizes = { train: 48, dev: 12, test: 8 } as const;

const textsIn = (folder: string, all: readonly Case[]): Tables => Object.fromEntries(all.map(({ name, text }) => [`${folder}/${name}.txt`, text]));

/** In CodiEsp's layout, D and X files only; the test split has texts alone. */
export const oncologyFiles = (): Tables => ({
  ...Object.fromEntries((['train', 'dev'] as const).flatMap((split) => {
    const all = cases(split, sizes[split]);
    return [...Object.entries(textsIn(`${split}/text_files`, all)), [`${split}/${split}D.tsv`, codesOf(all)], [`${split}/${split}X.tsv`, spansOf(all)]];
  })),
  ...textsIn('test/text_files', cases('test', sizes.test)),
});

const bratOf = ({ mentions }: Case): string =>
  mentions.map(({ words, code, start, end }, i) => `T${i + 1}\tMORFOLOGIA_NEOPLASIA ${start} ${end}\t${words}\n#${i + 1}\tAnnotatorNotes T${i + 1}\t${code}\n`).join('');

/** The same corpus in CANTEMIST's own layout. */
export const cantemistFiles = (): Tables =>
  Object.fromEntries(([['train-set', 'train'], ['dev-set1', 'dev'], ['test-set', 'test']] as const).flatMap(([folder, split]) => {
    const all = cases(split, sizes[split]);
    const brat = all.map((one) => [`${folder}/cantemist-norm/${one.name}.ann`, bratOf(one)] as const);
    const labelled = split === 'test' ? [] : [[`${folder}/cantemist-coding/${split}-coding.tsv`, codesOf(all)] as const, ...brat];
    return [...Object.entries(textsIn(`${folder}/cantemist-coding/txt`, all)), ...labelled];
  }));

/** The codes of the dev cases, as their annotators wrote them. */
export const devGold = (): string => codesOf(cases('dev', sizes.dev));
