import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";
import { TicketSystem } from "./ticket-system.ts";
import type { TicketSystemOptions } from "./ticket-system-options.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-prune-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const long = defineTool({
  name: "long",
  description: "Says much.",
  input: { type: "object", properties: {} },
  readOnly: true,
  run: () => "x".repeat(40_000),
});

/** A system in which some tickets have ended with a long output each. */
async function withOutputs(count: number, options: TicketSystemOptions = {}): Promise<TicketSystem> {
  const script = scriptedProvider(({ messages }) =>
    messages.length === 1 ? calls(["long", {}]) : writesResult("done"),
  );
  const tickets = new TicketSystem({ dir, ...options });
  tickets.agent({ model: script.model, role: "You work.", tools: [long], concurrency: 4 });
  await tickets.tasks(Array.from({ length: count }, (_, task) => ({ task, labels: ["agent"] })));
  await tickets.runDry();
  return tickets;
}

const outputs = async (folder = "outputs"): Promise<string[]> => (await readdir(join(dir, folder))).sort();

it("pruning removes the outputs of the tickets that it removes, and of no other", async () => {
  await using tickets = await withOutputs(4);
  await tickets.task("still open", { labels: ["nobody"] });
  expect(await outputs()).toEqual(["TICKET-1", "TICKET-2", "TICKET-3", "TICKET-4"]);

  expect(await tickets.prune("key = TICKET-2 OR status = todo")).toBe(1);
  expect(await outputs()).toEqual(["TICKET-1", "TICKET-3", "TICKET-4"]);
  expect(await tickets.prune({ limit: 1, labels: ["agent"] })).toBe(1);
  expect(await outputs()).toEqual(["TICKET-3", "TICKET-4"]);
  expect(await tickets.prune(({ key }) => key === "TICKET-4")).toBe(1);
  expect(await outputs()).toEqual(["TICKET-3"]);
});

it("namespaces in one directory keep their outputs apart", async () => {
  await using one = await withOutputs(1);
  await using other = await withOutputs(1, { namespace: "../other" });
  expect(await outputs()).toEqual(["TICKET-1", "ns-..%2Fother"]);
  expect(await other.prune({})).toBe(1);
  expect(await outputs()).toEqual(["TICKET-1", "ns-..%2Fother"]);
  expect(await outputs("outputs/ns-..%2Fother")).toEqual([]);
  expect(await one.prune({})).toBe(1);
  expect(existsSync(join(dir, "outputs", "TICKET-1"))).toBe(false);
});

it("outputs in a temporary folder go, too", async () => {
  await using tickets = await withOutputs(1, { dir: undefined });
  const file = /(\/[^\s"]+TICKET-1[^\s"]*\.txt)/.exec(JSON.stringify(await tickets.replies("TICKET-1")))?.[1];
  expect(existsSync(file ?? "")).toBe(true);
  expect(await tickets.prune({})).toBe(1);
  expect(existsSync(file ?? "")).toBe(false);
});

it("outputs that cannot be removed are told of, and the prune is done all the same", async (context) => {
  if (process.getuid?.() === 0) return context.skip("the superuser can remove everything");
  await using tickets = await withOutputs(1);
  await chmod(join(dir, "outputs", "TICKET-1"), 0o500);
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  expect(await tickets.prune({})).toBe(1);
  expect((await warned).message).toContain("could not be removed");
  await chmod(join(dir, "outputs", "TICKET-1"), 0o700);
});
