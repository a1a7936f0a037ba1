/** Ages over 89, which alone can tell who somebody is (HIPAA § 164.514(b)(2)(i)(C)). */
import { matches, type Rule } from './rule.js';

const OLD = '(?:9\\d|1[0-2]\\d)';
const written = new RegExp(`(?<![\\d.,/-])${OLD}[ -]?(?:years?|yrs?|y)[ .-]?(?:olds?|o\\b|/o\\b|of age)|(?<![\\d.,/-])${OLD} ?(?:yo|y/o)\\b|(?<![\\d.,/-])${OLD} años(?! de (?:evoluci|seguimiento|experiencia))|\\b(?:aged?|edad|age of|edad de)[\\s:="]{1,4}${OLD}(?![\\d.%])`, 'giu');
const AGE_FIELDS = /^(?:age|anchor_age|edad|age_at_admission)$/i;
const old = new RegExp(`^\\s*${OLD}(?:\\.\\d+)?\\s*$`);

export const ages: Rule = { kind: 'age', find: (text, field) => (field !== undefined && AGE_FIELDS.test(field) && old.test(text) ? [{ start: 0, end: text.length }] : matches(written, text)) };
