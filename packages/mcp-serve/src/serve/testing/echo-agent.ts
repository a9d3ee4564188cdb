import { type AgentLike, type AssistantContent, textOf } from "@agentwerk/core";
import { scriptedProvider } from "@agentwerk/core/testing";

/** An agent that writes back the task of each ticket, in upper case. */
export function echoAgent(
  options: { readonly labels?: readonly string[]; readonly delayMs?: number } = {},
): AgentLike {
  const { labels = [], delayMs = 0 } = options;
  const { model } = scriptedProvider(async ({ messages }) => {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const [first] = messages;
    const task = first?.role === "user" ? textOf(first.content) : "";
    const line = task.trim().split("\n").at(-1) ?? "";
    return { content: [writeResult(line.toUpperCase())] };
  });
  return { name: "echo", role: "You echo.", model, labels, concurrency: 16 };
}

export function writeResult(result: string): AssistantContent {
  return { type: "tool_call", id: "call_1", name: "write_result", input: { result } };
}
