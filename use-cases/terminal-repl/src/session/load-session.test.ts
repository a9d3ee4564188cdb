import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, type Ticket, type TicketStore, textBlock, textOf } from "@agentwerk/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSession } from "./load-session.ts";
import { saveSession } from "./save-session.ts";
import { savedSessionVersion } from "./saved-session.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "terminal-repl-load-"));
});
afterEach(() => rm(dir, { recursive: true }));

const opening = {
  message: { role: "user", content: [textBlock("Ticket TICKET-1:\n\nhello")] },
  purpose: "prompt",
};

async function load(value: unknown): Promise<{ readonly store: TicketStore; readonly ticket: Ticket }> {
  const path = join(dir, "saved.json");
  await writeFile(path, JSON.stringify(value));
  const store = memoryStore();
  return { store, ticket: await loadSession(store, path) };
}

test("a saved session is the same when it is loaded and saved again", async () => {
  const answer = {
    message: { role: "assistant", content: [textBlock("hi")] },
    purpose: "answer",
    author: "assistant",
  };
  const saved = { version: savedSessionVersion, task: "hello", replies: [opening, answer] };
  const { store, ticket } = await load(saved);
  expect(ticket).toMatchObject({ status: "waiting", waiting: { for: "reply" }, replies: 2 });
  const again = join(dir, "again.json");
  await saveSession(store, ticket.key, again);
  expect(JSON.parse(await readFile(again, "utf8"))).toEqual(saved);
  expect((await stat(again)).mode & 0o077).toBe(0);
  expect(await saveSession(store, ticket.key, again)).toBe(false);
  expect(JSON.parse(await readFile(again, "utf8"))).toEqual(saved);
});

test("a call that waited for consent when it was saved is answered, not run", async () => {
  const call = { type: "tool_call", id: "1", name: "bash", input: { command: "rm -rf ." } };
  const asking = { message: { role: "assistant", content: [call] }, purpose: "answer" };
  const { store, ticket } = await load({
    version: savedSessionVersion,
    task: "hello",
    replies: [opening, asking],
  });
  const last = (await store.replies(ticket.key)).at(-1);
  expect(last?.message).toMatchObject({ role: "tool", content: [{ callId: "1", isError: true }] });
  expect(ticket.waiting?.for).toBe("reply");
});

test.each([
  ["another version", { version: 2, task: "a", replies: [opening] }, "version"],
  ["no message", { version: savedSessionVersion, task: "a", replies: [] }, "replies"],
  [
    "a role that there is not",
    {
      version: savedSessionVersion,
      task: "a",
      replies: [{ message: { role: "system", content: [] }, purpose: "prompt" }],
    },
    "replies.0.message",
  ],
  [
    "fields that do not belong there",
    { version: savedSessionVersion, task: "a", replies: [opening], lease: 1 },
    "lease",
  ],
])("a file with %s is refused, naming the place", async (_what, value, place) => {
  await expect(load(value)).rejects.toThrow(place);
});

test("the markdown holds what was said and called, and no tool's output", async () => {
  const call = { type: "tool_call", id: "1", name: "bash", input: { command: "echo `date`" } };
  const replies = [
    opening,
    { message: { role: "assistant", content: [textBlock("I look."), call] }, purpose: "answer" },
    {
      message: {
        role: "tool",
        content: [{ type: "tool_result", callId: "1", content: [textBlock("secret")] }],
      },
      purpose: "tool_results",
    },
  ];
  const { store, ticket } = await load({ version: savedSessionVersion, task: "hello", replies });
  const path = join(dir, "talk.md");
  await saveSession(store, ticket.key, path);
  const text = await readFile(path, "utf8");
  expect(text).toContain("**You**\n\nhello\n\n**Assistant**\n\nI look.");
  expect(text).toContain('`bash` `` {"command":"echo `date`"} ``');
  expect(text).not.toContain("secret");
  expect(textOf((await store.replies(ticket.key))[1]?.message.content ?? [])).toBe("I look.");
});
