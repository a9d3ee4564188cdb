import type { Database } from "./database.ts";

/** Below the newest id, so many may still come when their transactions commit late, and are looked for so long. */
const lateIds = 1_000;
const lateMs = 30_000;
/** Keeps a look short, whatever was written since the last one. */
const mostCounted = 2 * lateIds;

/** A look at the front of the log. */
export interface Look {
  readonly newest: number;
  /** Ids above the floor; and of those, the ones up to the newest of the look before. */
  readonly count: number;
  readonly before: number;
}

/**
 * The newest ids of the log, so that writes of others show without being read. The newest one alone does not tell: a
 * transaction can commit after one with a greater id. So the ids above a floor are counted, too; it follows as soon as
 * nothing is missing below, or when that stayed away for long.
 */
export class LogFront {
  readonly #database: Database;
  /** Before the first look nobody knows what was there: all of it may be new. */
  #newest = 0;
  #floor: number | undefined;
  #floorAt = 0;
  #count = 0;
  /** Of events that this process wrote since the last look. */
  #ownIds: number[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** This process wrote events with these ids. */
  add(ids: readonly number[]): void {
    this.#ownIds.push(...ids);
  }

  async look(namespace: number): Promise<Look> {
    const events = `FROM ${this.#database.schema}.events e WHERE e.namespace = $1`;
    if (this.#floor === undefined) {
      const sql = `SELECT coalesce(max(e.id), 0) AS newest ${events}`;
      const [first] = await this.#database.query(sql, [namespace]);
      this.#floor = Math.max(0, Number(first?.newest) - lateIds);
      this.#floorAt = performance.now();
    }
    const [row] = await this.#database.query(
      `SELECT (SELECT coalesce(max(e.id), 0) ${events}) AS newest, count(*) AS count,
         count(*) FILTER (WHERE l.id <= $3) AS before
       FROM (SELECT e.id ${events} AND e.id > $2 ORDER BY e.id LIMIT ${mostCounted}) l`,
      [namespace, this.#floor, this.#newest],
    );
    return { newest: Number(row?.newest), count: Number(row?.count), before: Number(row?.before) };
  }

  /** Whether more was written since the last look than we did. Ids that nobody uses count, too: one look too many. */
  hasOthers({ newest, before }: Look): boolean {
    const own = this.#ownIds.filter((id) => id <= newest).length;
    return newest - this.#newest + before - this.#count > own;
  }

  /** The next look tells what is new since this one. */
  keep({ newest, count, before }: Look): void {
    const floor = this.#floor ?? 0;
    const now = performance.now();
    if (count === newest - floor) this.#raise(newest, 0);
    else if (newest - floor > lateIds || now - this.#floorAt > lateMs)
      this.#raise(this.#newest, count - before);
    else this.#count = count;
    this.#newest = newest;
    this.#ownIds = this.#ownIds.filter((id) => id > newest);
  }

  #raise(floor: number, count: number): void {
    this.#floor = floor;
    this.#floorAt = performance.now();
    this.#count = count;
  }
}
