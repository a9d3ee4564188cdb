import { type Conversation, lastToolResults, lastUserText, type Reply } from "@agentwerk/llm-simulator";

/**
 * A model that does what the task says: `call <tool> <json>` calls the tool and repeats what it answered, `calls <tool>
 * <json array>` does so with each input at once, `ask <question>` asks a person and repeats the reply, `json <value>` is that
 * value, anything else is repeated.
 */
export function obedientModel(conversation: Conversation): Reply {
  const { tools, messages } = conversation;
  const task = readTask(conversation);
  const [word = "", ...rest] = task.split(" ");
  const names = tools.map(({ name }) => name);
  const called = messages.some(({ toolCalls }) => toolCalls.length > 0);
  if (!called && word === "call") {
    const [name = "", ...json] = rest;
    return { text: `I call ${name}.`, toolCalls: [{ name, input: JSON.parse(json.join(" ") || "{}") }] };
  }
  if (!called && word === "calls") {
    const [name = "", ...json] = rest;
    const inputs: readonly unknown[] = JSON.parse(json.join(" "));
    return { toolCalls: inputs.map((input) => ({ name, input })) };
  }
  if (!called && word === "ask")
    return { toolCalls: [{ name: "ask_human", input: { question: rest.join(" ") } }] };
  if (word === "json") return finish(names, JSON.parse(rest.join(" ")));
  if (!called) return finish(names, task);
  const isAnswered = messages.at(-1)?.role === "user";
  const results = lastToolResults(conversation).map(({ text }) => text);
  return finish(names, isAnswered ? lastUserText(conversation) : results.join(" "));
}

function finish(names: readonly string[], result: unknown): Reply {
  if (names.includes("write_result")) {
    const input = typeof result === "object" && result !== null ? result : { result };
    return { toolCalls: [{ name: "write_result", input }] };
  }
  return typeof result === "string" ? result : JSON.stringify(result);
}

/** The last line of the first message. */
function readTask({ messages }: Conversation): string {
  const first = messages.find(({ role }) => role === "user");
  return first?.text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}
