import { AgentwerkError, sleep, systemClock } from "@agentwerk/core";
import pg from "pg";
import { toStoreError, troubleOf } from "./postgres-errors.ts";
import type { ResolvedOptions } from "./postgres-options.ts";

/** Beyond the server's own timeout: then it is the network that does not answer. */
const silenceMs = 5_000;
const connectTimeoutMs = 10_000;
const longestPauseMs = 1_000;

export type Row = Readonly<Record<string, unknown>>;

/** One connection within a transaction. */
export interface Connection {
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** The server, for one schema of it. */
export interface Database extends Connection {
  /** The schema's quoted name. */
  readonly schema: string;
  /** Host and database, for messages; never a password. */
  readonly where: string;
  /** Calls one of our functions with a JSON text and answers with what it returned. */
  call(name: "step" | "peek", request: string): Promise<unknown>;
  /** One transaction over several calls. Rolled back when `work` does not end it. */
  transact<T>(work: (transaction: Transact) => Promise<T>): Promise<T>;
  /**
   * Tries again while the connection is lost, or while `isPassing` says so of the error, for as long as our patience lasts.
   */
  persist<T>(work: () => Promise<T>, isPassing?: (error: unknown) => boolean): Promise<T>;
  /** A connection that the caller releases. */
  connect(): Promise<pg.PoolClient>;
  /** A connection of its own for listening. */
  listener(): pg.Client;
  close(): Promise<void>;
}

export interface Transact {
  /** Begins, locks what the request names, and peeks at it, in one round trip. */
  begin(request: string): Promise<unknown>;
  peek(request: string): Promise<unknown>;
  /** Takes the step and commits, in one round trip: others wait for the locks meanwhile. */
  end(request: string): Promise<unknown>;
}

export function openDatabase(options: ResolvedOptions): Database {
  const { target, patienceMs } = options;
  const schema = `"${options.schema}"`;
  const config = typeof target === "string" ? toConfig(target, options) : undefined;
  const pool = typeof target === "string" ? new pg.Pool({ ...config, max: options.poolSize }) : target;
  const release = ignoreErrorsOf(pool);
  const where = describeTarget(target);
  const sqlOf = (name: string): string => `SELECT ${schema}.${name}($1::jsonb) AS answer`;
  const query = async (sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;
  // A connection that breaks between two queries says so to nobody else.
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    if (client.listenerCount("error") === 0) client.on("error", ignore);
    return client;
  };
  const literalCall = (name: string, request: string): string =>
    `SELECT ${schema}.${name}(${pg.escapeLiteral(request)}::jsonb) AS answer`;

  return {
    schema,
    where,
    query,
    async call(name, request) {
      const [row] = await query(sqlOf(name), [request]);
      return row?.answer;
    },
    connect,
    async transact(work) {
      const client = await connect();
      let failure: Error | undefined;
      let isOpen = false;
      const answersOf = (result: unknown): readonly unknown[] => {
        const results: readonly { readonly rows: readonly Row[] }[] = Array.isArray(result) ? result : [];
        return results.map(({ rows }) => rows[0]?.answer);
      };
      try {
        return await work({
          async begin(request) {
            isOpen = true;
            const sql = `BEGIN; ${literalCall("hold", request)}; ${literalCall("peek", request)}`;
            return answersOf(await client.query(sql)).at(-1);
          },
          async peek(request) {
            return (await client.query<Row>(sqlOf("peek"), [request])).rows[0]?.answer;
          },
          async end(request) {
            const answer = answersOf(await client.query(`${literalCall("step", request)}; COMMIT`))[0];
            isOpen = false;
            return answer;
          },
        });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        if (isOpen && failure === undefined) await client.query("ROLLBACK").catch(ignore);
        // A connection with an open transaction is not given to anybody else.
        client.release(failure);
      }
    },
    async persist(work, isPassing = isConnectionLost) {
      const deadline = performance.now() + patienceMs;
      for (let tries = 0; ; tries++) {
        try {
          return await work();
        } catch (error) {
          if (AgentwerkError.isInstance(error)) throw error;
          if (!isPassing(error) || performance.now() > deadline) throw toStoreError(error, where);
          const pause = Math.min(longestPauseMs, 10 * 2 ** Math.min(tries, 10));
          await sleep(pause * (0.5 + Math.random() / 2), { clock: systemClock });
        }
      }
    },
    listener() {
      const { listen } = options;
      if (listen !== undefined) return new pg.Client({ ...toConfig(listen, options), statement_timeout: 0 });
      if (config !== undefined) return new pg.Client(config);
      return new pg.Client({ ...pool.options });
    },
    async close() {
      if (typeof target === "string") await pool.end();
      else release();
    },
  };
}

const ignore = (): void => undefined;
const isConnectionLost = (error: unknown): boolean => troubleOf(error) === "connection_lost";
/** How many stores use a pool. */
const users = new WeakMap<pg.Pool, number>();

/** An idle connection that breaks is replaced at the next use. Once for a pool, however many stores share it. */
function ignoreErrorsOf(pool: pg.Pool): () => void {
  const count = (change: number): number => {
    const after = (users.get(pool) ?? 0) + change;
    users.set(pool, after);
    return after;
  };
  if (count(1) === 1) pool.on("error", ignore);
  return () => {
    if (count(-1) === 0) pool.off("error", ignore);
  };
}

function toConfig(connectionString: string, options: ResolvedOptions): pg.PoolConfig {
  const { statementTimeoutMs, pooler, ssl } = options;
  return {
    connectionString,
    ...(ssl !== undefined && { ssl }),
    application_name: "agentwerk",
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // An idle process may end; a waiting one keeps itself alive.
    allowExitOnIdle: true,
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + silenceMs }),
    // Poolers refuse what they do not know in the first message, and a setting would stay on a connection of others.
    ...(statementTimeoutMs > 0 && !pooler && { statement_timeout: statementTimeoutMs }),
  };
}

/** Host and database, for messages; never a password. */
export function describeTarget(target: ResolvedOptions["target"]): string {
  if (typeof target !== "string") return "the PostgreSQL server of this pool";
  try {
    const { host, pathname } = new URL(target);
    return `PostgreSQL at ${host}${pathname}`;
  } catch {
    return "the PostgreSQL server";
  }
}
