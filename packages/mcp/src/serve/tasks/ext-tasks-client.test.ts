import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import {
  createTaskSessionFromClient,
  resultFromTaskOutcome,
  type TaskEnabledSession,
} from "@modelcontextprotocol/ext-tasks/client";
import { expect, onTestFinished, test } from "vitest";
import { askingAgent, echoAgent, payingAgent } from "../testing/agents.ts";
import { askModern } from "../testing/modern-request.ts";
import { type ServedSystem, serveSystem, tokenOf } from "../testing/served-system.ts";

/** The official client of the extension; what it asks a person, `answer` answers. */
async function connect(
  { served }: ServedSystem,
  answer: (message: unknown) => Record<string, string>,
): Promise<TaskEnabledSession> {
  const clientInfo = { name: "test", version: "1" };
  const clientCapabilities = { elicitation: {} };
  const protocolVersion = "2026-07-28";
  const client = new Client(clientInfo, { versionNegotiation: { mode: { pin: protocolVersion } } });
  const headers = { Authorization: `Bearer ${tokenOf("ann")}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return createTaskSessionFromClient(client, {
    endpointId: "tickets",
    v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities },
    async rawDispatch(request) {
      const { method, params } = request as unknown as { method: string; params: Record<string, unknown> };
      const { result, error } = await askModern({ url: served.url, name: "ann", method, params });
      return (error === undefined ? { kind: "result", result } : { kind: "error", error }) as never;
    },
    onInputRequest: async ({ params }) => ({ action: "accept", content: answer(params?.message) }) as never,
  });
}

async function settle(
  session: TaskEnabledSession,
  input: Record<string, string | string[]>,
): Promise<string> {
  const execution = await session.callTool("ticket_file", input);
  expect(execution.kind).toBe("task");
  const { outcome } = await execution.settle();
  return JSON.stringify(resultFromTaskOutcome(outcome));
}

// It asks once a second, as the server suggests.
test("the extension's own client gets results, and answers questions and approvals on the way", {
  timeout: 60_000,
}, async () => {
  await using system = await serveSystem({ agents: [echoAgent(), askingAgent(), payingAgent()] });
  const asked: unknown[] = [];
  const session = await connect(system, (message) => {
    asked.push(message);
    return message === "Which colour?" ? { reply: "green" } : { decision: "approve" };
  });

  expect(await settle(session, { task: "hello" })).toContain("HELLO");
  expect(await settle(session, { task: "paint", labels: ["ask"] })).toContain("green");
  expect(await settle(session, { task: "pay", labels: ["pay"] })).toContain("paid 5");

  expect(asked).toEqual(["Which colour?", expect.stringContaining("wants to call pay")]);
  await session.close();
});

test("a task that the extension's client cancels is a cancelled ticket", async () => {
  await using system = await serveSystem({ work: false });
  const session = await connect(system, () => ({}));
  const execution = await session.callTool("ticket_file", { task: "never" });

  await execution.cancel();

  expect(await system.tickets.get("TICKET-1")).toMatchObject({ status: "cancelled" });
  await session.close();
});
