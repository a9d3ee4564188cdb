import { expect, test } from "vitest";
import { simulatedChat } from "../model/simulated-chat.ts";
import { terminalSessions } from "../testing/terminal-sessions.ts";

const { greeted, model, slowModel, start } = terminalSessions();

test("after kill -9 in a turn the session goes on where it was", async () => {
  const { env } = await slowModel(20);
  const first = await greeted({ env });
  first.type("my name is Ann\r");
  await first.shows("remember that");
  await first.prompts();
  first.type("count to 900\r");
  await first.shows("1 2 3");
  process.kill(first.pid, "SIGKILL");
  expect(await first.ended).toBe(137);
  const second = await greeted();
  expect(second.text).toContain("TICKET-1 goes on");
  expect(second.text).toContain("› count to 900");
  expect(second.text).toContain("The last turn did not come to its end");
  second.type("what is my name?\r");
  await second.shows("Your name is Ann.");
});

test("a call that waited for consent when the program was killed waits still", async () => {
  const first = await greeted();
  first.type("run echo later\r");
  await first.shows("lways for this tool?");
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  const second = start();
  await second.shows("lways for this tool?");
  second.type("y\r");
  await second.shows("The command wrote:\nlater");
});

test("a turn that failed is told with the next step, and the session goes on", async () => {
  const { env } = await model({
    respond: simulatedChat,
    faults: [{ fault: "authentication_failed", at: [2] }],
  });
  const session = await greeted({ env });
  session.type("my name is Ann\r");
  await session.shows("remember that");
  await session.prompts();
  session.type("count to 3\r");
  await session.shows(/✗ .*refused the API key/);
  await session.prompts();
  session.type("what is my name?\r");
  await session.shows("Your name is Ann.");
});

test("a session that goes on elsewhere is left alone", async () => {
  const first = await greeted();
  first.type("my name is Ann\r");
  await first.shows("remember that");
  const second = await greeted();
  second.type("what is my name?\r");
  await second.shows("You have not told me.");
});
