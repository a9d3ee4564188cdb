import { expect, test } from "vitest";
import { serveSystem } from "./testing/served-system.ts";

test.each(["legacy", "modern"] as const)(
  "a server that closes answers the waits in hand, %s",
  async (era) => {
    await using system = await serveSystem({ work: false });
    const { client, call } = await system.connect({ era });
    await call("ticket_file", { task: "nobody" });
    const told: number[] = [];
    const waiting = client.callTool(
      { name: "ticket_wait", arguments: { keys: ["TICKET-1"], wait_seconds: 45 } },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    await expect.poll(() => told.length).toBeGreaterThan(0);

    await system.served.close();

    expect(await waiting).toMatchObject({
      structuredContent: { settled: false, tickets: [{ key: "TICKET-1", status: "todo" }] },
      content: [
        { text: expect.stringContaining("This server closes; call ticket_wait again when it is back") },
      ],
    });
  },
);
