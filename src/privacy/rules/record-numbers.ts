/** Numbers that stand for a person: what is called one, what has a check digit or letter, and the columns that hold them. */
import { matches, type Rule } from './rule.js';

const labelled = new RegExp(
  '\\b(?:mrn|medical record(?: (?:number|no\\.?|#))?|record (?:number|no\\.?|#)|unit (?:number|no\\.?)|chart (?:number|no\\.?)|patient (?:id|number|no\\.?)|account (?:number|no\\.?)|accession(?: (?:number|no\\.?))?|encounter(?: id)?'
  + '|admission (?:id|number|no\\.?)|ssn|social security(?: number)?|nhs(?: (?:number|no\\.?))?|nhc|n[º°o.]* ?(?:de )?historia(?: cl[ií]nica)?|historia cl[ií]nica|dni|nie|nif|cip|n[uú]mero de la seguridad social|(?:subject|hadm|stay|visit|person|patient)_id)'
  + '(?![\\p{L}\\d])["\']?[\\s_]{0,3}[:=#-]?\\s{0,3}["\']?(?=[\\w-]*\\d)[A-Z]{0,3}-?\\d[\\w-]{3,20}', 'giu');

/** United States: areas 000, 666 and from 900, groups 00 and serials 0000 are not given out. */
const socialSecurity = /(?<![\d-])(\d{3})-(\d{2})-(\d{4})(?![\d-])/g;
const isSocialSecurity = (area: string, group: string, serial: string): boolean => area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000';

/** Spain: DNI and NIE, whose letter is the number modulo 23. */
const spanish = /(?<![\w-])([XYZ]?)(\d{7,8})[- ]?([A-HJ-NP-TV-Z])(?![\w-])/g;
const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
function isSpanishId(prefix: string, digits: string, letter: string): boolean {
  if (digits.length !== (prefix ? 7 : 8)) return false;
  return LETTERS[Number(`${prefix && 'XYZ'.indexOf(prefix)}${digits}`) % 23] === letter;
}

/** England: ten digits, spoken and written 3-3-4, the last a check digit (modulo 11). */
const nhs = /(?<![\d-])(\d{3})[ -](\d{3})[ -](\d{4})(?![\d-])/g;
function isNhs(digits: string): boolean {
  const sum = [...digits.slice(0, 9)].reduce((total, digit, i) => total + Number(digit) * (10 - i), 0);
  return (11 - (sum % 11)) % 11 === Number(digits[9]);
}

/** Columns and keys whose values are identifiers, and objects whose keys are (`{}`, as in `split.json`). */
const ID_FIELDS = /^(?:(?:subject|hadm|stay|icustay|visit|patient|person|note|encounter|visit_occurrence|transfer)_?ids?|mrn|ssn|nhc|dni|(?:patients|visits)\{\})$/i;
const identifier = /^\s*(?=\S*\d)[\w.:/-]{1,64}\s*$/;

export const recordNumbers: Rule = {
  kind: 'record-number',
  find: (text, field) => {
    if (field !== undefined && ID_FIELDS.test(field) && identifier.test(text)) return [{ start: 0, end: text.length }];
    return [
      ...matches(labelled, text),
      ...matches(socialSecurity, text, ([, area, group, serial]) => isSocialSecurity(area!, group!, serial!)),
      ...matches(spanish, text, ([, prefix, digits, letter]) => isSpanishId(prefix!, digits!, letter!)),
      ...matches(nhs, text, ([, a, b, c]) => isNhs(`${a}${b}${c}`)),
    ];
  },
};
