import { type Clock, refuseUnknownOptions, systemClock } from "@agentwerk/core";
import { checkName, invalidInput } from "@agentwerk/core/store-kit";
import type { Pool, PoolConfig } from "pg";

export interface PostgresOptions {
  /** `default` unless given. */
  readonly namespace?: string | undefined;
  /** The schema that holds our tables, made when there is none; `agentwerk` unless given. */
  readonly schema?: string | undefined;
  /** Makes the schema, or brings it up to date, at the first use. On unless given; off for roles that may not. */
  readonly migrate?: boolean | undefined;
  /** Connections of this process at most; 4 unless given. One writes, one listens, the others read. */
  readonly poolSize?: number | undefined;
  /** TLS, as `tls.connect` takes it; what the URL says (`?sslmode=verify-full`) unless given. */
  readonly ssl?: PoolConfig["ssl"] | undefined;
  /** The server ends what takes longer; 30 s unless given. 0 leaves that to the role. */
  readonly statementTimeoutMs?: number | undefined;
  /**
   * Connections go through a pooler in transaction mode, such as PgBouncer: nothing is set on a connection, and others'
   * writes are looked for every `pollMs` instead of listened for, unless `listen` names a way past the pooler.
   */
  readonly pooler?: boolean | undefined;
  /** A connection string for listening alone, past a pooler. */
  readonly listen?: string | undefined;
  /** How often others' writes are looked for where they cannot be listened for; 250 ms unless given. */
  readonly pollMs?: number | undefined;
  /** How long an operation waits for a server that is gone before it is refused; 30 s unless given. */
  readonly patienceMs?: number | undefined;
  /** This process's clock, on which the store says when to look again. Leases take the time from the server. */
  readonly clock?: Clock | undefined;
}

/** A connection string, or a pool that stays the caller's and is not closed with the store. */
export type PostgresTarget = string | Pool;

export interface ResolvedOptions {
  readonly target: PostgresTarget;
  readonly namespace: string;
  readonly schema: string;
  readonly migrate: boolean;
  readonly poolSize: number;
  readonly ssl: PoolConfig["ssl"] | undefined;
  readonly statementTimeoutMs: number;
  readonly pooler: boolean;
  readonly listen: string | undefined;
  readonly pollMs: number;
  readonly patienceMs: number;
  readonly clock: Clock;
}

const known: ReadonlySet<string> = new Set([
  "namespace",
  "schema",
  "migrate",
  "poolSize",
  "ssl",
  "statementTimeoutMs",
  "pooler",
  "listen",
  "pollMs",
  "patienceMs",
  "clock",
]);

/** @throws AgentwerkError `invalid_input` naming the field. */
export function resolveOptions(target: PostgresTarget, options: PostgresOptions): ResolvedOptions {
  refuseUnknownOptions(options, { known, of: "postgres()" });
  if (typeof target === "string" && !/^postgres(ql)?:\/\//.test(target)) {
    throw invalidInput("url", "is no connection string such as postgres://user:password@host/database.");
  }
  const { namespace = "default", schema = "agentwerk", pooler = false, listen, ssl } = options;
  checkName(namespace, "namespace");
  if (!/^[a-z_][a-z0-9_]{0,47}$/.test(schema) || schema.startsWith("pg_")) {
    throw invalidInput(
      "schema",
      `is ${JSON.stringify(schema)}; give lower-case letters, digits and _, at most 48, not pg_….`,
    );
  }
  return {
    target,
    namespace,
    schema,
    migrate: options.migrate ?? true,
    poolSize: wholeNumber(options.poolSize ?? 4, "poolSize", 1),
    ssl,
    statementTimeoutMs: wholeNumber(options.statementTimeoutMs ?? 30_000, "statementTimeoutMs", 0),
    pooler,
    listen,
    pollMs: wholeNumber(options.pollMs ?? 250, "pollMs", 1),
    patienceMs: wholeNumber(options.patienceMs ?? 30_000, "patienceMs", 0),
    clock: options.clock ?? systemClock,
  };
}

function wholeNumber(value: number, field: string, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw invalidInput(field, `is ${String(value)}; give a whole number from ${least}.`);
}
