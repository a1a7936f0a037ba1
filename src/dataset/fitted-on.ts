/** Which visits the vocabularies and the word pieces were fitted on, as the manifest records it; the leak linter computes it again. */
import { sha256 } from '../core/artifact.js';
import { queryRows, type DuckDBConnection } from '../records/store.js';

/** The SQL condition on a row of `placed` that everything fitted obeys. */
export const trainingVisits = `split = 'train'`;

export interface FittedOn {
  visits: number;
  /** {@link visitsHash} of them. */
  visits_hash: string;
  /** `learnt` from the notes of these visits, or `given` by the configuration: then this directory cannot say what it was learnt from. */
  tokenizer: 'learnt' | 'given';
}

/** Identifies a set of visits, in whatever order they come. */
export const visitsHash = (visitIds: readonly string[]): string => sha256([...visitIds].sort().join('\n')).slice(0, 16);

/** Needs the table `placed`. */
export async function describeFitting(connection: DuckDBConnection, tokenizer: FittedOn['tokenizer']): Promise<FittedOn> {
  const rows = await queryRows<{ visit_id: string }>(connection, `select visit_id from placed where ${trainingVisits}`);
  return { visits: rows.length, visits_hash: visitsHash(rows.map((row) => row.visit_id)), tokenizer };
}
