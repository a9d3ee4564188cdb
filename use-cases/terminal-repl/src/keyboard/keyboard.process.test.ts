import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ctrlC, terminalSessions } from "../testing/terminal-sessions.ts";

const up = "\u001b[A";
const { file, greeted, slowModel } = terminalSessions();

test("Ctrl-C clears a line that was begun, and twice at an empty prompt ends with 130", async () => {
  const session = await greeted();
  session.type(`half a tho${ctrlC}`);
  await session.shows(/half a tho\n› ?$/);
  session.type(ctrlC);
  await session.shows("Ctrl-C again ends the program.");
  session.type(ctrlC);
  expect(await session.ended).toBe(130);
});

test("lines that are typed ahead are read one after the other", async () => {
  const { env } = await slowModel(100);
  const session = await greeted({ env });
  session.type("my name is Ann\rwhat is my name?\r/exit\r");
  expect(await session.ended).toBe(0);
  expect(session.text).toMatch(/› my name is Ann\n.*\n› what is my name\?\nYour name is Ann\.\n› \/exit/);
});

test("Tab completes a command", async () => {
  const session = await greeted();
  session.type("/ex\t");
  await session.shows("› /exit");
  session.type("\r");
  expect(await session.ended).toBe(0);
});

test("Ctrl-D leaves", async () => {
  const session = await greeted();
  session.type("\u0004");
  expect(await session.ended).toBe(0);
});

test("a message of several lines: by backslash, and by a paste that submits nothing", async () => {
  const session = await greeted();
  session.type("write a.txt: one\\\r");
  await session.shows(/\n…$/);
  session.type("two\r");
  await session.shows("asks to run:");
  expect(session.text).toMatch(/content:\n +one\n +two/);
  session.type("y\r");
  await session.shows("Wrote a.txt: new, 2 lines.");
  await session.prompts();
  session.type("\u001b[200~write b.txt: three\r\nfour\r\u001b[31mfive\u001b[201~");
  await session.shows("three␊four␊five");
  session.type("\r");
  await session.shows("path: b.txt");
  session.type("y\r");
  await session.shows("Wrote b.txt: new, 3 lines.");
  expect(await readFile(file("b.txt"), "utf8")).toBe("three\nfour\nfive");
});

test("the history lasts over sessions", async () => {
  const first = await greeted();
  first.type("list\r");
  await first.shows("notes.txt");
  await first.prompts();
  first.type("/exit\r");
  await first.ended;
  const second = await greeted({ argv: ["--new"] });
  second.type(`${up}${up}\r`);
  await second.shows("● list_directory");
});
