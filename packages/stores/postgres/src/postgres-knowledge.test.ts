import type { Knowledge } from "@agentwerk/core";
import { knowledgeSuite } from "@agentwerk/core/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresKnowledge } from "./postgres-knowledge.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
let pool: pg.Pool;
let namespaces = 0;
const namespaceOf = new WeakMap<Knowledge, string>();

beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.url() });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await server.close();
}, 60_000);

function open(namespace: string): Knowledge {
  const knowledge = postgresKnowledge(pool, { namespace });
  namespaceOf.set(knowledge, namespace);
  return knowledge;
}

knowledgeSuite({
  name: "postgres",
  open: async () => open(`suite ${++namespaces}`),
  reopen: async (knowledge) => open(namespaceOf.get(knowledge) ?? ""),
});

test("with a language, words are found by their stems", async () => {
  const knowledge = postgresKnowledge(server.url(), { namespace: "stems", language: "english" });
  await knowledge.write({ slug: "deploy", description: "Deployments", body: "We deploy on Mondays." });
  expect((await knowledge.search?.("deploying"))?.map(({ slug }) => slug)).toEqual(["deploy"]);
  await knowledge.close();
});
