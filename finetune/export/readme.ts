/** The README of an exported model: what it is, how to run it, what goes in and comes out. */
import type { ModelDescription } from './description.js';

export interface ReadmeOptions {
  description: ModelDescription;
  labels: number;
  /** The run, by name. */
  run: string;
  /** Largest difference from the framework's probabilities that was seen. */
  difference: number;
}

export function readmeOf({ description, labels, run, difference }: ReadmeOptions): string {
  const { task, reads, medweave, model, inputs, outputs, history, fixed_axes: fixed } = description;
  return `${[
    `# ${task}: ${run}`,
    ...warning(description),
    `Reads ${history ? 'past visits (' : ''}${reads.join(', ')}${history ? ')' : ''}; gives the probabilities of ${labels} label${labels === 1 ? '' : 's'}. Exported by medweave ${medweave}; in onnxruntime it gave the framework's probabilities to within ${difference.toExponential(1)}.`,
    `## Use\n\n\`\`\`bash\npip install onnxruntime tokenizers numpy\n${example(description)} | python predict.py --predicted\n\`\`\`\n\nThe same in Node: \`npm install onnxruntime-node tokenizers\`, then \`node predict.mjs\`. From raw text to labels, both do what the training data went through: ${steps(description)}. The text must be raw, as its author wrote it, and of the language and kind that the model was trained on.`,
    ...(history ? [`A recommendation is made from the patient's past visits: give them as \`history\`, oldest first (the latest ${history.most_visits} are read), and of the visit itself its codes. In the tensors a visit and its past are rows of one batch, and \`past\` says which rows are whose past.`] : []),
    `## Files\n\n${table(['file', 'what'], files(description))}`,
    `## Tensors of ${model.file}\n\n${table(['input', 'type', 'axes', 'what'], inputs.map(({ name, dtype, shape, meaning }) => [`\`${name}\``, dtype, `[${shape.join(', ')}]`, meaning]))}\n\n${table(['output', 'type', 'axes', 'what'], outputs.map(({ name, dtype, shape, meaning }) => [`\`${name}\``, dtype, `[${shape.join(', ')}]`, meaning ?? '']))}`,
    `Named axes take any extent from 1 up; \`tokens\` is at most ${description.most_tokens_in_a_chunk}, [CLS] and [SEP] among them. ${Object.keys(fixed).length ? `Fixed: ${Object.entries(fixed).map(([axis, extent]) => `${axis} = ${extent}`).join(', ')}. ` : ''}Padding changes nothing. Opset 20, standard operators only: onnxruntime 1.17 or later.`,
  ].join('\n\n')}\n`;
}

function warning({ do_not_share, licence_notice }: ModelDescription): string[] {
  if (!do_not_share) return licence_notice === null ? [] : [`Of the training data: ${licence_notice}`];
  return [`> **DO NOT SHARE.** This model was trained on data that only credentialed people may use. Its weights, its vocabulary and its word pieces are made of that data: keep the folder where the data may be, and give it to nobody who may not have the data.${licence_notice === null ? '' : `\n>\n> ${licence_notice}`}`];
}

function example({ reads, history }: ModelDescription): string {
  const codes = { dx: '"icd10cm:E11.9"', rx: '"atc:A10BA02"', px: '"icd10pcs:0DTJ4ZZ"' };
  const given = reads.flatMap((kind) => (kind in codes ? [codes[kind as keyof typeof codes]] : []));
  const fields = [...(reads.includes('text') ? ['"text": "Admitted with chest pain and shortness of breath."'] : []), ...(given.length ? [`"codes": [${given.join(', ')}]`] : [])].join(', ');
  return `echo '{"id": "1", ${history ? `"codes": ["icd10cm:E11.9"], "history": [{${fields}}]` : fields}}'`;
}

const steps = ({ text, codes: { granularity } }: ModelDescription): string =>
  [
    ...(text ? ['what de-identification left behind and line breaks are blanked (`text.cleaning` in config.json)', 'the text is cut into word pieces and, where it is long, into chunks'] : []),
    `codes get their canonical form and the granularity of the training data (diagnoses ${granularity.dx}, procedures ${granularity.px}, ATC level ${granularity.atc_level}), each counts once`,
  ].join('; ');

const files = ({ model, text }: ModelDescription): string[][] => [
  [model.file, 'the model, weights inside'],
  ...model.also.map((file) => [file, 'its large weights: keep the two together']),
  ['config.json', 'what goes in and how it is made: inputs, cleaning, chunks, codes'],
  ['labels.json', 'the columns of `probabilities`: system, code, title, threshold'],
  ['vocab.json', 'codes that are read, and their numbers'],
  ...(text ? [['tokenizer.json', 'word pieces, in the format of Hugging Face tokenizers']] : []),
  ['predict.py, predict.mjs', 'from raw text and codes to labels'],
  ['manifest.json', 'which run this is'],
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
