/** Surface forms: what two mentions have in common when they are written alike but for case, accents and spacing. */
import { foldedWords } from './words.js';

/** `Dolor  Torácico` → `dolor toracico`. */
export const surfaceOf = (text: string): string => foldedWords(text).map(({ key }) => key).join(' ');
