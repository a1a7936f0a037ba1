/** Words (folded; Spanish and English) that carry no meaning by themselves, or turn that of a mention nearby. */

const asSet = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const STOP_WORDS = asSet('de la el en y a con los las del un una al por se su o e of the in and with a an to for on at by or');
const NEGATORS = asSet('no sin niega negaba negativo negativa negativos negativas ausencia descarta descarto descartar descartando tampoco ni without denies denied negative absence absent nor neither');
const LISTED_NEGATORS = asSet('ni nor');
const RELATIVES = asSet('madre padre hermano hermana hermanos familiar familiares familia abuelo abuela tio tia hijo hija materno paterno mother father brother sister family grandfather grandmother uncle aunt son daughter');
/** After a mention: `serologias negativas`, `fue descartado`. */
const NEGATING_STEMS = ['negativ', 'descart', 'negative', 'excluded'];
const LINKS = asSet('de del of');

export const isStopWord = (key: string): boolean => STOP_WORDS.has(key);
export const isNegator = (key: string): boolean => NEGATORS.has(key);
export const isListedNegator = (key: string): boolean => LISTED_NEGATORS.has(key);
export const isRelative = (key: string): boolean => RELATIVES.has(key);
export const negatesBefore = (key: string): boolean => NEGATING_STEMS.some((stem) => key.startsWith(stem));
/** Joins a noun to what it is of. */
export const isLink = (key: string): boolean => LINKS.has(key);
export const endsSentence = (key: string): boolean => key === '.' || key === ';';
/** A mention does not go on beyond it. */
export const endsPhrase = (key: string): boolean => '.;:'.includes(key);
