import { openTerminal } from "@agentwerk/use-cases-shared";
import { expect, test } from "vitest";
import { describeCall } from "./describe-call.ts";

const terminal = { ...openTerminal(process.stdout), paint: (_colour: string, text: string) => text };

test("a call is shown whole, argument by argument", () => {
  const call = { callId: "c", hash: "h", tool: "write_file", input: { path: "a.txt", text: "one\ntwo" } };
  expect(describeCall(call, terminal)).toBe(
    "? write_file asks to run:\n    path: a.txt\n    text:\n      one\n      two",
  );
});

test("what a command hides from the eye is written out", () => {
  const input = { command: "ls\u001b[2K\rrm -rf ~ \u202e#\u200b" };
  const shown = describeCall({ callId: "c", hash: "h", tool: "bash", input }, terminal);
  expect(shown).toContain("command: ls\\u001b[2K\\u000drm -rf ~ \\u202e#\\u200b");
});
