import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ctrlC, terminalSessions } from "./testing/terminal-sessions.ts";

const { file, greeted, model, slowModel } = terminalSessions();

test("a question shows the exact call; no brings the reason to the model", async () => {
  const session = await greeted();
  session.type("run echo hello > made.txt\r");
  await session.shows("? bash asks to run:\n    command: echo hello > made.txt");
  session.type("n it is too early\r");
  await session.shows("I left it, because: it is too early.");
  await expect(readFile(file("made.txt"))).rejects.toThrow("ENOENT");
});

test("an edited call runs as it was edited", async () => {
  const session = await greeted();
  session.type("run echo hello\r");
  await session.shows("lways for this tool?");
  session.type("e\r");
  await session.shows('> {"command":"echo hello"}');
  session.type("\u007f\u007f again\r");
  await session.shows("That is not JSON");
  session.type('"}\r');
  await session.shows("The command wrote:\nhello again");
});

test("always asks no more for this tool, and what was typed ahead is no consent", async () => {
  const { env } = await slowModel(200);
  const session = await greeted({ env });
  session.type("run echo one\ry\ry\r");
  await session.shows("lways for this tool?");
  session.type("a\r");
  await session.shows("The command wrote:\none");
  await session.prompts();
  session.type("run echo two\r");
  await session.shows("The command wrote:\ntwo");
});

test("Ctrl-C at the question stops the turn, and nothing runs", async () => {
  const session = await greeted();
  session.type("run touch made.txt\r");
  await session.shows("lways for this tool?");
  session.type(ctrlC);
  await session.prompts();
  session.type("what did I say?\r");
  await session.shows("1. run touch made.txt");
  await expect(readFile(file("made.txt"))).rejects.toThrow("ENOENT");
});

test("what a command hides from the eye is shown", async () => {
  const { env } = await model({
    respond: ({ messages }) =>
      messages.at(-1)?.role === "tool"
        ? "done\u001b[2J\u001b]0;owned\u0007."
        : { toolCalls: [{ name: "bash", input: { command: "true #\u001b[2K\u001b[1Grm" } }] },
  });
  const session = await greeted({ env });
  session.type("go\r");
  await session.shows("command: true #\\u001b[2K\\u001b[1Grm");
  session.type("y\r");
  await session.shows("done.");
  expect(session.raw).not.toContain("\u001b]0;");
  expect(session.raw).not.toContain("\u001b[2J");
});
