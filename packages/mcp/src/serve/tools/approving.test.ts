import type { ElicitResult } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { payingAgent } from "../testing/agents.ts";
import { serveSystem, type TestClient } from "../testing/served-system.ts";
import { showExactly } from "../tickets/show-exactly.ts";

interface Waited {
  readonly tickets: readonly {
    readonly result?: string;
    readonly status: string;
    readonly calls?: readonly { readonly call_id: string; readonly hash: string }[];
  }[];
}

const key = "TICKET-1";

/** Files a ticket whose agent wants to pay, and answers with how to approve it. */
async function filePayment({ call }: TestClient): Promise<Record<string, unknown>> {
  await call("ticket_file", { task: "a", labels: ["pay"] });
  const { tickets } = await call<Waited>("ticket_wait", { keys: [key] });
  const [pending] = tickets[0]?.calls ?? [];
  return { key, call_id: pending?.call_id, hash: pending?.hash, decision: "approve" };
}

describe.each(["modern", "legacy"] as const)("approving by a client of the %s protocol", (era) => {
  test("asks the person of a client that lets it, who sees the very call", async () => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    const asked: string[] = [];
    const client = await system.connect({
      era,
      elicit(message) {
        asked.push(message);
        return { action: "accept", content: { decision: "approve" } };
      },
    });
    const approval = await filePayment(client);

    await client.call("ticket_approve", { ...approval, input: { amount: 7 } });

    expect(asked).toEqual([`TICKET-1 wants to call pay with {"amount":7}`]);
    const { tickets } = await client.call<Waited>("ticket_wait", { keys: [key] });
    expect(tickets[0]?.result).toBe("paid 7");
  });

  test.each<[string, ElicitResult, string]>([
    ["rejects", { action: "accept", content: { decision: "reject", reason: "too much" } }, "too much"],
    ["declines", { action: "decline" }, "rejected"],
  ])("a person who %s has the last word over the model", async (_name, answer, result) => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    const client = await system.connect({ era, elicit: () => answer });
    const approval = await filePayment(client);

    expect(await client.text("ticket_approve", approval)).toContain("The person rejected the call");

    const { tickets } = await client.call<Waited>("ticket_wait", { keys: [key] });
    expect(tickets[0]?.result).toContain(result);
    expect(tickets[0]?.result).not.toContain("paid");
  });

  test("a person who does not decide leaves the call waiting", async () => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    const client = await system.connect({ era, elicit: () => ({ action: "cancel" }) });
    const approval = await filePayment(client);

    await expect(client.call("ticket_approve", approval)).rejects.toThrow("did not decide");

    expect(await client.call("ticket_get", { key })).toMatchObject({ ticket: { status: "waiting" } });
  });

  test("takes approvals of clients that cannot ask only where it trusts them", async () => {
    await using system = await serveSystem({ agents: [payingAgent()], approvals: "asked" });
    const client = await system.connect({ era });
    const approval = await filePayment(client);

    await expect(client.call("ticket_approve", approval)).rejects.toThrow("declares no elicitation");
    expect(await client.call("ticket_get", { key })).toMatchObject({ ticket: { status: "waiting" } });

    await client.call("ticket_approve", { ...approval, decision: "reject", reason: "no" });
    const { tickets } = await client.call<Waited>("ticket_wait", { keys: [key] });
    expect(tickets[0]?.result).toContain("no");
  });
});

test("an answer to the question about one call is none to another", async () => {
  await using system = await serveSystem({ agents: [payingAgent()] });
  let asked = 0;
  const client = await system.connect({
    elicit() {
      asked++;
      return { action: asked === 1 ? "cancel" : "accept", content: { decision: "approve" } };
    },
  });
  const approval = await filePayment(client);
  await expect(client.call("ticket_approve", { ...approval, input: { amount: 1 } })).rejects.toThrow();
  await client.call("ticket_approve", { ...approval, input: { amount: 9_000 } });

  expect(asked).toBe(2);
});

test("what would not be seen is written out", () => {
  expect(showExactly({ path: "a\u202egpj.exe\u200b" })).toBe('{"path":"a\\u{202e}gpj.exe\\u{200b}"}');
  expect(showExactly("x".repeat(30_000))).toContain("10002 characters are not shown");
});
