/** Dates more precise than a year, in English and Spanish (HIPAA § 164.514(b)(2)(i)(C): every element but the year). */
import type { Span } from '../finding.js';
import { matches, type Rule } from './rule.js';

const ENGLISH = 'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const SPANISH = 'ene(?:ro)?|febrero|marzo|abr(?:il)?|mayo|junio|julio|ago(?:sto)?|sep?tiembre|octubre|noviembre|dic(?:iembre)?';
const MONTH = `(?:${ENGLISH}|${SPANISH})\\.?`;
const YEAR = '(?:1[89]|2[012])\\d\\d';

/** Year first: `2101-03-07`, `2101/3/7`, `20140307`; the compact form alone would take any number of eight digits, so it must follow a word for a date. */
const yearFirst = new RegExp(`(?<![\\d.-])(${YEAR})([-/.])(\\d{1,2})\\2(\\d{1,2})(?![\\d]|[-./]\\d)`, 'g');
const compact = new RegExp(`\\b(?:date|dated|on|dob|fecha|del?|el)[\\s:="]{1,4}${YEAR}(\\d\\d)(\\d\\d)(?!\\d)`, 'gi');
/** `07/03/2014`, `7.3.14`, `7-3-2014`: two digits of a year only with strokes, since `7.3.14` is a version or a section as well. */
const yearLast = new RegExp(`(?<![\\d.,/-])(\\d{1,2})([-/.])(\\d{1,2})\\2(?:${YEAR})(?![\\d]|[-./]\\d)|(?<![\\d.,/-])(\\d{1,2})/(\\d{1,2})/\\d\\d(?![\\d/]|\\.\\d)`, 'g');
/** `12 March 2014`, `12 de marzo de 2014`, `March 12, 2014`, `March 12th`, `March 2014`. */
const spelled = new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?(?:\\s+(?:of|de))?[\\s-]+${MONTH}(?:(?:\\s+(?:de|del))?[\\s,-]+${YEAR})?(?![\\p{L}\\d])|\\b${MONTH}\\s+(?:\\d{1,2}(?:st|nd|rd|th)?,?\\s+|(?:de|del|of)\\s+)?(?:${YEAR})(?!\\d)|\\b(?:${ENGLISH})\\.?\\s+\\d{1,2}(?:st|nd|rd|th)\\b`, 'giu');
/** `on 3/12`: a day without a year is one only where a word says so. */
const dayOnly = /\b(?:on|dated?|since|until|el|desde el|hasta el|fecha:?)\s+(\d{1,2})\/(\d{1,2})(?![\d/]|\.\d)/gi;

const isDay = (one: number, other: number): boolean => (one >= 1 && one <= 12 && other >= 1 && other <= 31) || (other >= 1 && other <= 12 && one >= 1 && one <= 31);
const inYear = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

/** When a file was made, or which release: not a patient's. */
const OWN_FIELDS = /^(?:created_?at|last_used|version|date-released|versions?)$/i;

export const dates: Rule = {
  kind: 'date',
  find: (text, field) =>
    field !== undefined && OWN_FIELDS.test(field)
      ? []
      : [
          ...matches(yearFirst, text, ([, , , month, day]) => inYear(Number(month), Number(day))).filter((span) => !isOwnStamp(text, span)),
          ...matches(compact, text, ([, month, day]) => inYear(Number(month), Number(day))),
          ...matches(yearLast, text, ([, a, , b, c, d]) => isDay(Number(a ?? c), Number(b ?? d))),
          ...matches(spelled, text, ([found]) => !isOrdinary(found)),
          ...matches(dayOnly, text, ([, a, b]) => isDay(Number(a), Number(b))),
        ],
};

/** `medweave 0.1.0 finetune, 2026-11-21 00:18 UTC`: when one of our pages, cards or runs was made. */
const isOwnStamp = (text: string, { start, end }: Span): boolean => /medweave \d[^;]{0,60}$/.test(text.slice(0, start)) && /^ \d\d:\d\d UTC/.test(text.slice(end));

/** `10 mar`, `2 may`, `3 sept`: without a year or a day's ending, the shortest forms are units and auxiliaries more often than months. */
const isOrdinary = (found: string): boolean => /^\d{1,2}[\s-]+(?:mar|may|sep|dec|ene|ago|dic|jan|oct|nov|apr|abr|feb|jun|jul|aug)\.?$/i.test(found) && !/[A-Z]/.test(found);
