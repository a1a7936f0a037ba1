/** A checkpoint's `tokenizer.json` with what the files beside it add, so that it says everything by itself. */
import type { Declared } from './declared.js';
import { completeSpecialIds, firstOfEach, nameSpecialIds, specialIdsOf, specialRoles, unknownOf } from './special-ids.js';
import { parseTokenizerFile, vocabularyOf, type TokenizerFile } from './tokenizer-file.js';

/** Classes of Python whose tokenizers are tokenizer.json as it is; those of one model go by tokenizer_config.json first. */
const classesOfNoModel: readonly (string | null | undefined)[] = ['PreTrainedTokenizerFast', 'TokenizersBackend'];

const written = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Changes of the normalizer and the pre-tokenizer, as Python's class makes them; none when they agree. */
function rulesFor({ normalizer, pre_tokenizer }: TokenizerFile, { rules }: Declared): object {
  if (classesOfNoModel.includes(rules.tokenizer_class)) return {};
  const changed = (part: object, fields: object): boolean => JSON.stringify(part) !== JSON.stringify({ ...part, ...fields });
  const bert = written({ lowercase: rules.do_lower_case, strip_accents: rules.strip_accents, handle_chinese_chars: rules.tokenize_chinese_chars });
  if (normalizer?.type === 'BertNormalizer' && changed(normalizer, bert)) return { normalizer: { ...normalizer, ...bert } };
  const bytes = written({ add_prefix_space: rules.add_prefix_space });
  if (pre_tokenizer?.type === 'ByteLevel' && changed(pre_tokenizer, bytes)) return { pre_tokenizer: { ...pre_tokenizer, ...bytes } };
  return {};
}

/** The post-processor that names the special tokens, when the file alone would say otherwise than the files beside it, or nothing. */
function namesFor(file: TokenizerFile, declared: Declared, where: string): object {
  const vocabulary = vocabularyOf(file);
  const own = specialIdsOf(file, vocabulary);
  const named = Object.fromEntries(specialRoles.map((role) => [role, vocabulary.get(declared.names[role] ?? '')]));
  const special = completeSpecialIds(firstOfEach([{ unk: unknownOf(file, vocabulary) }, named, own, declared.ids]), where);
  return specialRoles.every((role) => special[role] === own[role]) ? {} : { post_processor: nameSpecialIds(special, vocabulary) };
}

export interface CompletedTokenizer {
  /** The given text itself where nothing is added. */
  json: string;
  /** What its user should know. */
  remarks: string[];
}

/** @param text content of the tokenizer.json @param where its name, for errors */
export function completeTokenizer(text: string, declared: Declared, where: string): CompletedTokenizer {
  const file = parseTokenizerFile(text, where);
  const rules = rulesFor(file, declared);
  const remarks = Object.keys(rules).length ? [`${where}: tokenizer_config.json beside it says otherwise about case, accents or the first space; followed, as Python's transformers does`] : [];
  // Notes are encoded whole; some checkpoints cut and pad texts to the lengths they were trained with.
  const whole = file.truncation || file.padding ? { truncation: null, padding: null } : {};
  const changes = { ...rules, ...namesFor(file, declared, where), ...whole };
  return { json: Object.keys(changes).length ? JSON.stringify({ ...(JSON.parse(text) as object), ...changes }) : text, remarks };
}
