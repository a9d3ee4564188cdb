import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { terminalSessions } from "../testing/terminal-sessions.ts";

const { file, greeted } = terminalSessions();

test("commands: tools, cost, model, compact, save, clear and load", async () => {
  const session = await greeted();
  const say = async (line: string, wanted: string | RegExp): Promise<void> => {
    session.type(`${line}\r`);
    await session.shows(wanted);
    await session.prompts();
  };
  await say("/help", "/compact");
  await say("/tools", /bash +asks/);
  await say("/cost", "Nothing yet.");
  await say("my name is Ann", "remember that");
  await say("count to 2500", "2499 2500");
  await say("list", "There is:");
  await say("/cost", /\d requests, 1 tool call, [\d,]+ tokens in, [\d,]+ out, \$0\.\d{4}/);
  await say("/model other-model", "other-model from openai");
  await say("/compact", "summarised before the next answer");
  await say("count to 3", "older messages summarised: about");
  await say("what is my name?", "Your name is Ann.");
  await say("/save talk.json", "Saved TICKET-1");
  await say("/save talk.md", "Saved TICKET-1 to talk.md");
  await say("/save talk.md", "talk.md exists already; name another file.");
  await say("/clear", "A new session begins.");
  await say("what is my name?", "You have not told me.");
  await say("/load", /TICKET-1 .*my name is Ann/);
  await say("/load talk.json", "TICKET-3 goes on");
  await say("what is my name?", "Your name is Ann.");
  await say("/load notes.txt", "is no saved session");
  await say("/nonsense", "There is no /nonsense");
  expect(await readFile(file("talk.md"), "utf8")).toContain("**You**\n\nmy name is Ann");
});
