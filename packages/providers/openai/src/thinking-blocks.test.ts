import { expect, test } from "vitest";
import { resolveCompatibility } from "./compatibility.ts";
import { ReplyBuilder } from "./reply-builder.ts";
import { toChatMessages } from "./to-chat-messages.ts";

const blocks = [
  { type: "thinking", thinking: "Six times seven.", signature: "c2ln" },
  { type: "redacted_thinking", data: "b3BhcXVl" },
];

const pieces = [
  { type: "thinking", thinking: "Six times ", signature: null },
  { type: "thinking", thinking: "seven.", signature: null },
  { type: "thinking", thinking: "", signature: "c2ln" },
  { type: "redacted_thinking", data: "b3BhcXVl" },
];

test.each([
  ["whole", [{ message: { reasoning_content: "Six times seven.", thinking_blocks: blocks } }]],
  [
    "in pieces",
    pieces.map((piece) => ({
      delta: { reasoning_content: piece.thinking ?? null, thinking_blocks: [piece] },
    })),
  ],
])("LiteLLM's thinking blocks come %s and go back with their proofs", (_, choices) => {
  const builder = new ReplyBuilder({ providerName: "litellm", onEvent: undefined });
  for (const choice of choices) builder.addChoice(choice);
  const { content } = builder.build({ model: "m", requestId: undefined });
  expect(content).toEqual([
    { type: "reasoning", text: "Six times seven.", signature: "c2ln", provider: "litellm" },
    { type: "reasoning", text: "", signature: "b3BhcXVl", redacted: true, provider: "litellm" },
  ]);
  const compatibility = resolveCompatibility({ reasoningField: "thinking_blocks" }, false);
  const messages = [{ role: "assistant", content }] as const;
  expect(toChatMessages({ system: "", messages, providerName: "litellm", compatibility })).toEqual([
    { role: "assistant", content: "", thinking_blocks: blocks },
  ]);
  expect(toChatMessages({ system: "", messages, providerName: "other", compatibility })).toEqual([
    { role: "assistant", content: "" },
  ]);
});
