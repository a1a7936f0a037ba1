/**
 * Which visit an event belongs to. Rule: the one it names; where it names none, the stay of its patient that was going on at its time, else on its
 * day (orders of the emergency room precede the admission by hours; some sources know days only). Of several stays at a time the earlier one, whose
 * discharge diagnoses bear the time at which the next begins; of several on a day the later one.
 */

const NO_VISIT_HAS_THIS_NUMBER = 1_000_000_000_000;

/**
 * SQL of a table `patient_id`, `event_at`, `visit_id`: one row a patient and time of those rows of `events` that name no visit and lie in one. Visits are
 * numbered by their admission; the smallest key wins, and an aggregate, unlike a window, need not sort millions of events.
 */
export const visitAtSql = (events: string): string => `
  select patient_id, event_at, arg_min(visit_id, case when event_at between admitted_at and discharged_at then n else ${NO_VISIT_HAS_THIS_NUMBER} - n end) as visit_id
  from (select distinct patient_id, event_at from ${events} where visit_id is null and event_at is not null) e
    join (select *, row_number() over (order by admitted_at, visit_id) as n from visits) v using (patient_id)
  where event_at::date between admitted_at::date and coalesce(discharged_at, admitted_at)::date
  group by patient_id, event_at`;

/**
 * SQL of the rows of `events` with `visit_id` as the rule says; NULL for an event outside every visit of its patient. `places` holds {@link visitAtSql}.
 * It does not ask that e.visit_id be NULL: such a condition on the left side of an outer join makes DuckDB compare all pairs.
 */
export const withVisitSql = (events: string, places: string): string => `
  select e.* replace (v.visit_id as visit_id)
  from ${events} e
    left join ${places} p on p.patient_id = e.patient_id and p.event_at = e.event_at
    left join visits v on v.visit_id = coalesce(e.visit_id, p.visit_id) and v.patient_id = e.patient_id`;
