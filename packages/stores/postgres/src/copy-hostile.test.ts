import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noUsage, ticketKeyOf } from "@agentwerk/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyStore } from "./copy-store.ts";
import { type Query, readRecords } from "./read-records.ts";
import { archiveAt, claim, comment, storeAt } from "./testing/copy-bench.ts";
import { lookAt, recordsOf } from "./testing/look-at-store.ts";
import { startTestServer, type TestServer, withClient } from "./testing/test-server.ts";

let server: TestServer;
let dir: string;
beforeAll(async () => {
  server = await startTestServer();
  dir = mkdtempSync(join(tmpdir(), "agentwerk-copy-"));
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.close();
}, 60_000);

test("hostile contents go there and back as they are", async () => {
  const path = join(dir, "hostile.db");
  const source = storeAt({ url: path });
  const text = "\u0000 \ud800 \udc00\ud83d \u2028 \" \\ \\u0000 ' 🂡";
  const odd = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "": 3, "10": 4, "9": 5}');
  const numbers = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1e21, 2 ** 53, 2 ** 53 - 1, -0.5, 1e-7];
  await source.insert([
    { task: { [text]: text, odd, numbers }, labels: ['ünï " {} , label'], reporter: text, priority: -1e300 },
    { task: text, notBefore: 8.64e15, templateVariables: { [text]: text }, labels: ["b"] },
    { task: "large", labels: ["c"], priority: 5e-324 },
  ]);
  const large = await claim(source, ["c"]);
  await source.commit(large.lease, {
    replies: [comment(text), comment("x".repeat(1_000_000))],
    work: { cost: 1.7976931348623157e308, workMs: 5e-324, usage: { ...noUsage, inputTokens: 2 ** 53 } },
    events: [{ type: "run_started", worker: text, labels: [] }],
    outcome: { status: "done", result: { text: "ä\u0000\ud800".repeat(700_000) } },
  });
  await source.update(ticketKeyOf(1), { type: "cancel", reason: text });
  const before = await lookAt(source);
  await source.close();
  const to = { url: server.url(), namespace: "hostile" };
  await copyStore({ url: path }, to);
  const middle = storeAt(to);
  expect(await lookAt(middle)).toEqual(before);
  await middle.close();
  const back = join(dir, "hostile back.db");
  await copyStore(to, { url: back });
  expect(await recordsOf(archiveAt({ url: back }))).toEqual(await recordsOf(archiveAt({ url: path })));
}, 120_000);

test.each([
  ["labels", { labels: ["odd"] }, "a\u0000b", 'TICKET-2 has the label "a\\u0000b"'],
  ["half surrogate pairs", { labels: ["odd"] }, "a\ud800", 'TICKET-2 has the label "a\\ud800"'],
  ["idempotency keys", { idempotencyKey: "odd" }, "\u0000", 'TICKET-2 has the idempotency key "\\u0000"'],
])("%s of older files that PostgreSQL cannot hold are refused by name", async (name, draft, odd, message) => {
  const before = join(dir, `fit ${name}.db`);
  const source = storeAt({ url: before });
  await source.insert([{ task: 1 }, { task: 2, ...draft }]);
  await source.close();
  const path = join(dir, `unfit ${name}.db`);
  const records = await recordsOf(archiveAt({ url: before }));
  await archiveAt({ url: path }).restore(
    (async function* () {
      for (const record of records) yield JSON.parse(record.replaceAll('"odd"', JSON.stringify(odd)));
    })(),
  );
  const to = { url: server.url(), namespace: `unfit ${name}` };
  await expect(copyStore({ url: path }, to)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining(message),
  });
  const target = storeAt(to);
  expect([await target.find({}), await target.events({}), (await target.totals()).all.created]).toEqual([
    [],
    [],
    0,
  ]);
  await target.close();
});

test("a namespace whose name PostgreSQL could not keep apart from others is refused", () => {
  for (const open of [storeAt, archiveAt])
    expect(() => open({ url: server.url(), namespace: "half\ud800" })).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "namespace" }),
    );
});

test("numbers past those of SQLite are refused there, and go to PostgreSQL", async () => {
  const from = { url: server.url(), namespace: "far" };
  const source = storeAt(from);
  await source.insert([{ task: 1 }]);
  await withClient(from.url, (client) =>
    client.query(
      "SELECT setval('agentwerk.tickets_' || id, 9007199254740990) FROM agentwerk.namespaces WHERE name = 'far'",
    ),
  );
  expect(await source.insert([{ task: "far" }])).toMatchObject([{ key: `TICKET-${2 ** 53 - 1}` }]);
  const before = await lookAt(source);
  await source.close();
  await expect(copyStore(from, { url: join(dir, "far.db") })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("keep them in PostgreSQL"),
  });
  const to = { url: server.url(), namespace: "farther" };
  await copyStore(from, to);
  const copy = storeAt(to);
  expect(await lookAt(copy)).toEqual(before);
  await copy.close();
});

test("no more than some megabytes are read from PostgreSQL at once, whatever the size of its rows", async () => {
  const from = { url: server.url(), namespace: "pages" };
  const source = storeAt(from);
  for (let round = 0; round < 4; round++) {
    await source.insert([{ task: "x".repeat(3_000_000) }, { task: "y".repeat(1_500_000) }]);
    await source.insert(Array.from({ length: 50 }, () => ({ task: "z".repeat(10_000) })));
  }
  await source.close();
  const answers: number[] = [];
  const tickets = await withClient(from.url, async (client) => {
    const query: Query = async (sql, values) => {
      const { rows } = await client.query(sql.replaceAll("{s}", "agentwerk"), [...values]);
      answers.push(JSON.stringify(rows).length);
      return rows;
    };
    const [found] = await query("SELECT id FROM {s}.namespaces WHERE name = $1", ["pages"]);
    let count = 0;
    for await (const { kind } of readRecords(query, Number(found?.id))) if (kind === "ticket") count += 1;
    return count;
  });
  expect(tickets).toBe(208);
  expect(Math.max(...answers)).toBeLessThan(4_500_000);
});
