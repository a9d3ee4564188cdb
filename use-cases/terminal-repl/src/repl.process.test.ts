import { expect, test } from "vitest";
import { terminalSessions } from "./testing/terminal-sessions.ts";

const { greeted, slowModel } = terminalSessions();

test("reads a file with a tool, streams the answer, and leaves with /exit and 0", async () => {
  const session = await greeted();
  session.type("read notes.txt\r");
  await session.shows("● read_file");
  await session.shows("notes.txt has 2 lines. It begins:\nfirst line\nsecond line");
  await session.prompts();
  session.type("/exit\r");
  expect(await session.ended).toBe(0);
  // The terminal is handed back without bracketed paste.
  expect(session.raw.endsWith("\u001b[?2004l")).toBe(true);
});

test("text comes as it is made, not at the end", async () => {
  const { env, simulator } = await slowModel(20);
  const session = await greeted({ env });
  session.type("count to 300\r");
  await session.shows("1 2 3 4");
  expect(session.text).not.toContain("300 ");
  expect(simulator.requestCount).toBe(1);
});

test("colours are there on a terminal, and not with NO_COLOR", async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for.
  const colour = /\u001b\[[\d;]*m/;
  const painted = await greeted();
  expect(painted.raw).toMatch(colour);
  const plain = await greeted({ env: { NO_COLOR: "1" } });
  plain.type("read notes.txt\r");
  await plain.shows("has 2 lines");
  expect(plain.raw).not.toMatch(colour);
});

test("after a resize lines are as wide as the terminal", async () => {
  const session = await greeted({ columns: 120 });
  session.type("read notes.txt");
  session.resize(50);
  session.type("\r");
  await session.shows("has 2 lines");
  await session.prompts();
  const long = "x".repeat(200);
  session.type(`search for ${long}\r`);
  await session.shows(/● grep .*…\n/);
  const line = session.text.split("\n").find((text) => text.startsWith("● grep")) ?? "";
  expect(line.length).toBeLessThanOrEqual(50);
  expect(line.length).toBeGreaterThan(40);
});
