import { setTimeout as sleep } from "node:timers/promises";
import { type AgentLike, askHuman, defineTool, type ModelRequest, textOf } from "@agentwerk/core";
import { calls, scriptedProvider, writesResult } from "@agentwerk/core/testing";

/** An agent that writes back the last line of each ticket's task, in upper case. */
export function echoAgent(
  options: { readonly labels?: readonly string[]; readonly delayMs?: number } = {},
): AgentLike {
  const { labels = [], delayMs = 0 } = options;
  const { model } = scriptedProvider(async ({ messages }) => {
    await sleep(delayMs);
    return writesResult(lastLine(messages[0]).toUpperCase());
  });
  return { name: "echo", role: "You echo.", model, labels, concurrency: 16 };
}

/** An agent that asks a person for a colour and writes back the answer. */
export function askingAgent(): AgentLike {
  const { model } = scriptedProvider(({ messages }) =>
    messages.length === 1
      ? calls(["ask_human", { question: "Which colour?" }])
      : writesResult(lastLine(messages.at(-1))),
  );
  return { name: "asking", role: "You ask.", labels: ["ask"], model, tools: [askHuman()] };
}

/** An agent that pays an amount, which a person has to approve, and writes back what the payment said. */
export function payingAgent(): AgentLike {
  const { model } = scriptedProvider(({ messages }) => {
    const last = messages.at(-1);
    if (last?.role !== "tool") return calls(["pay", { amount: 5 }]);
    return writesResult(last.content.map(({ content }) => textOf(content)).join(" "));
  });
  const pay = defineTool({
    name: "pay",
    description: "Pays.",
    input: { type: "object", properties: { amount: { type: "integer" } }, required: ["amount"] },
    approval: "always",
    run: (input) => `paid ${(input as { readonly amount: number }).amount}`,
  });
  return { name: "paying", role: "You pay.", labels: ["pay"], model, tools: [pay] };
}

function lastLine(message: ModelRequest["messages"][number] | undefined): string {
  if (message === undefined || message.role === "tool") return "";
  return textOf(message.content).trim().split("\n").at(-1) ?? "";
}
