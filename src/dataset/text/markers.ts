/** What de-identification leaves in place of what it took out, as the corpora that people share have it. */

/** Kinds of identifiers, English and Spanish, as tags name them: upper case, with a number or a letter after them or not (`DATE_1`, `NAME-B`). */
const KINDS = [
  'PATIENT', 'NAME', 'FIRST ?NAME', 'LAST ?NAME', 'DOCTOR', 'STAFF', 'PERSON', 'PER', 'DATE', 'TIME', 'AGE', 'HOSPITAL', 'INSTITUTION', 'ORGANIZATION', 'ORGANISATION', 'LOCATION', 'LOC', 'PLACE',
  'ADDRESS', 'STREET', 'CITY', 'STATE', 'COUNTRY', 'ZIP', 'PHONE', 'FAX', 'EMAIL', 'E-MAIL', 'URL', 'ID', 'ID-NUM', 'MRN', 'SSN', 'MEDICAL ?RECORD', 'USERNAME', 'PROFESSION', 'INITIALS', 'PHI', 'REDACTED',
  'DEIDENTIFIED', 'DE-IDENTIFIED', 'REMOVED', 'NOMBRE', 'APELLIDOS?', 'PACIENTE', 'MÉDICO', 'MEDICO', 'FECHA', 'EDAD', 'CENTRO', 'CALLE', 'CIUDAD', 'DIRECCIÓN', 'DIRECCION', 'TELÉFONO', 'TELEFONO', 'CORREO', 'DNI', 'NHC',
].join('|');

/** @example `[NAME]`, `<DATE_1>`, `[REDACTED]`, `<PHI TYPE="DATE">` does not count: that is markup around what it names */
const tag = `[\\[<](?:${KINDS})(?:[-_ ]?\\d{1,4}|[-_ ][A-Z])?[\\]>]`;

/**
 * In this order: MIMIC-III (`[**2101-1-1**]`, `[**First Name3 (LF)**]`), i2b2 2007–2010 and Pittsburgh's De-ID (`**NAME[AAA BBB]`, `**DATE`), MIMIC-IV (`___`), tags,
 * the X of Indiana's reports (`XXXX`).
 */
export const deidentificationMarker = new RegExp(`\\[\\*\\*[^\\]]{0,200}?\\*\\*\\]|\\*\\*[A-Z][A-Z-]{1,30}(?:\\[[^\\]\\n]{0,100}\\])?|_{2,}|${tag}|\\bX{4,}\\b`, 'g');
