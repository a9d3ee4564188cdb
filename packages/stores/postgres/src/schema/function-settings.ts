/**
 * Of every function: runs with the rights of the schema's owner, so that workers need none on the tables; looks names up
 * nowhere; and reads by index even where statistics from an empty table say otherwise, because its plans are kept.
 */
export const functionSettings: string = `SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan`;
