/** Whose data a store holds, and whether it may be shared: by its source, or as the configuration says. */
import type { Notices } from '../core/notices.js';
import type { IngestConfig } from './config.js';

/** Of data whose licence nobody told us: somebody's own, or of a format that many data sets come in. @param what e.g. `MEDS data set` */
export const ownNotices = (what: string): Notices => ({
  licence_notice: `${what}: the terms of its owners; taken as not to be shared (ingest.licence says otherwise)`,
  do_not_share: true,
});

/** What `ingest.licence` says goes before what the source says. */
export function configuredNotices(ofSource: Notices, { notice, do_not_share }: IngestConfig['licence']): Notices {
  const closed = do_not_share ?? ofSource.do_not_share ?? false;
  return { licence_notice: notice ?? ofSource.licence_notice, do_not_share: closed || undefined };
}
