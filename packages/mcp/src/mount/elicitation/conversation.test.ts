import type { ToolContext } from "@agentwerk/core";
import { expect, it } from "vitest";
import { Conversation } from "./conversation.ts";

it.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc/passwd",
  "ms-msdt:/id",
  "//evil.example",
  "",
])("nobody is asked to open %j", async (url) => {
  const asked: string[] = [];
  const conversation = await Conversation.read({
    server: "evil",
    context: { answers: [], signal: new AbortController().signal } as unknown as ToolContext,
    handler: async ({ question }) => void asked.push(question),
  });

  const answered = await conversation.answer({ mode: "url", message: "Open.", url, elicitationId: "1" });

  expect(answered).toEqual({ kind: "answered", result: { action: "decline" } });
  expect(asked).toEqual([]);
});
