import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { echoAgent } from "./testing/agents.ts";
import { otherClients, type Target } from "./testing/other-clients.ts";
import { serveSystem, tokenOf } from "./testing/served-system.ts";

async function target(transport: Target["transport"]): Promise<Target> {
  if (transport === "stdio") {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-serve-"));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    return { transport, dir };
  }
  const system = await serveSystem({ agents: [echoAgent()] });
  onTestFinished(() => system[Symbol.asyncDispose]());
  return { transport, url: system.served.url, headers: { Authorization: `Bearer ${tokenOf("ann")}` } };
}

// The Inspector starts two processes for each request.
describe.each(Object.entries(otherClients))("%s", { timeout: 180_000 }, (_, connect) => {
  test.each(["stdio", "http"] as const)(
    "lists tools, files a ticket and gets its result, over %s",
    async (transport) => {
      const client = await connect(await target(transport));
      onTestFinished(() => client.close());

      expect(await client.tools()).toEqual(
        expect.arrayContaining(["ticket_file", "ticket_wait", "ticket_get", "ticket_list", "ticket_claim"]),
      );
      const filed = await client.call("ticket_file", { task: "hello from outside", wait_seconds: 40 });
      const listed = await client.call("ticket_list", { query: "status = done" });

      expect(filed).toContain("HELLO FROM OUTSIDE");
      expect(listed).toContain("TICKET-1");
      expect(await client.call("ticket_get", { key: "TICKET-99" })).toContain(
        "There is no ticket TICKET-99.",
      );
    },
  );
});
