/** Licence and "do not share" at the head of a card. */
import type { Notices } from '../core/notices.js';
import { escaped } from './markdown.js';

/** Hugging Face knows names of public licences only; that of the data is in words. */
export const licenceFields = ({ licence_notice, do_not_share }: Notices) => ({
  license: 'other',
  ...(licence_notice !== undefined && { license_name: 'as-the-source-data', license_details: licence_notice }),
  ...(do_not_share && { do_not_share: true }),
});

export const licenceBanner = ({ licence_notice, do_not_share }: Notices, what: string): string =>
  [
    `> **Not for clinical use.** ${licence_notice === undefined ? 'The licence of the source data is not recorded; find out before you share anything.' : `${escaped(licence_notice)}.`.replace(/\.\.$/, '.')}`,
    ...(do_not_share ? ['>', `> **Do not share ${what}.** It was made from data that only those may see who signed for it.`] : []),
  ].join('\n');

/** By the source of a store. */
export const languageOf: Readonly<Record<string, string>> = { mimic3: 'en', mimic4: 'en', codiesp: 'es' };
