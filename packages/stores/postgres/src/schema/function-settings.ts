/**
 * Of every function: runs with the rights of the schema's owner, so that workers need none on the tables; looks names up
 * nowhere; and reads by index even where statistics from an empty table say otherwise, because its plans are kept.
 */
export const functionSettings: string = `SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET enable_material = off SET enable_sort = off
  SET jit = off SET plan_cache_mode = force_generic_plan`;

/**
 * A ticket by its number, to be joined laterally. OFFSET keeps it a lookup by key: a join could be planned the other way
 * round while the table is small, and such plans are kept.
 */
export function ticket(number: string, as = "t"): string {
  return `(SELECT x.* FROM {s}.tickets x WHERE x.namespace = ns AND x.number = ${number} OFFSET 0) ${as}`;
}
