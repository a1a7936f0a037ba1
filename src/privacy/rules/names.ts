/** People's names as far as their surroundings give them away: after a title, or after a word such as `Patient:`. Bare names are not found. */
import { matches, type Rule } from './rule.js';

const WORD = "\\p{Lu}(?:['’]\\p{Lu})?[\\p{Ll}]+(?:[-'’]\\p{Lu}\\p{Ll}+)*";
const PARTICLE = '(?:\\s+(?:de|del|de la|de los|van|von|da|di|la|y|Mc|O[\'’]))';
const NAME = `(?:\\p{Lu}\\.\\s*)*${WORD}(?:(?:${PARTICLE})?\\s+(?:\\p{Lu}\\.\\s*)?${WORD}){0,3}`;

const titled = new RegExp(`(?<![\\p{L}\\d])(?:Mrs?|Ms|Miss|Dr|Drs|Prof|Professor|Doctor|Sra?|Srta|Dra|Don|Do[ñn]a|D[ñn]a|Sister|Nurse)\\.?\\s+(${NAME})`, 'gu');
const capitals = /(?<![\p{L}\d])(?:MRS?|MS|DR|SRA?|DRA)\.?\s+\p{Lu}{3,}(?:[ -]\p{Lu}{2,})*/gu;
const labelled = new RegExp(
  `(?<![\\p{L}\\d])(?:(?:[Pp]atient(?:'s)?|[Ff]irst|[Ll]ast|[Ff]amily|[Ff]ull|[Mm]other's|[Ff]ather's) [Nn]ame|NAME|Name|Patient|Attending(?: [Pp]hysician)?|Physician|Provider|(?:[Dd]ictated|[Ss]igned|[Ss]een|[Aa]uthored|[Tt]ranscribed) [Bb]y|PCP|Nombre|NOMBRE|Apellidos?|Paciente|M[ée]dico|Firmado(?: por)?|Facultativo)\\s*[:=]\\s*(${NAME}|\\p{Lu}{2,}(?:[ ,]+\\p{Lu}{2,})+)`, 'gu');

/** What follows such words in texts about data and software, and is nobody's name. */
const NOT_NAMES = /^(?:Who|The|This|That|These|None|Unknown|Not|No|Name|Number|Id|See|Discharge|Admission|Medical|Date|History|Service|Record|Unit|Attending|Patient|Physician|Hospital|Said|Will|Was|Is|Has|Had|Quixote|Wells|Male|Female|Sex|Age|Allergies|Chief|Major)\b/u;

export const names: Rule = {
  kind: 'name',
  find: (text) => [...matches(titled, text, ([, name]) => !NOT_NAMES.test(name!)), ...matches(capitals, text), ...matches(labelled, text, ([, name]) => !NOT_NAMES.test(name!))],
};
