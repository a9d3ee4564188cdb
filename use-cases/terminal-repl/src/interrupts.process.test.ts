import { readFile } from "node:fs/promises";
import { signalWhileModelLoads } from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { ctrlC, terminalSessions } from "./testing/terminal-sessions.ts";

const { file, greeted, slowModel, start } = terminalSessions();

test("Ctrl-C stops the turn and not the program; the session goes on", async () => {
  const { env } = await slowModel(20);
  const session = await greeted({ env });
  session.type("my name is Ann\r");
  await session.shows("remember that");
  await session.prompts();
  session.type("count to 900\r");
  await session.shows("1 2 3");
  session.type(ctrlC);
  await session.shows("Stopped. Say what to do instead");
  await session.prompts();
  session.type("what is my name?\r");
  await session.shows("Your name is Ann.");
});

test("Ctrl-C stops a running command with all it started", async () => {
  const session = await greeted({ argv: ["--yes"] });
  session.type("run sleep 600 & echo $! > pid; wait\r");
  await session.shows("● bash");
  const pid = await readPid(file("pid"));
  session.type(ctrlC);
  await session.shows("Stopped.");
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  await session.prompts();
});

test("a terminal that is closed ends a running command with all it started, and the session goes on later", async () => {
  const session = await greeted({ argv: ["--yes"] });
  session.type("run sleep 600 & echo $! > pid; wait\r");
  await session.shows("● bash");
  const pid = await readPid(file("pid"));
  session.hangUp();
  expect(await session.ended).toBe(129);
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  const next = await greeted();
  expect(next.text).toContain("The last turn did not come to its end");
});

test("a supervisor's request to end is followed in order, at the prompt and in a turn", async () => {
  const waiting = await greeted();
  process.kill(waiting.pid, "SIGTERM");
  expect(await waiting.ended).toBe(143);
  const { env } = await slowModel(20);
  const busy = await greeted({ env });
  busy.type("count to 900\r");
  await busy.shows("1 2 3");
  process.kill(busy.pid, "SIGTERM");
  expect(await busy.ended).toBe(143);
  expect(busy.raw.endsWith("\u001b[?2004l")).toBe(true);
});

test("a signal while the model's package is loaded is followed before the first prompt", async () => {
  const session = start({ env: signalWhileModelLoads("SIGTERM") });
  expect(await session.ended).toBe(143);
  expect(session.text).not.toContain("/help lists the commands.");
});

async function readPid(path: string): Promise<number> {
  return expect
    .poll(async () => Number(await readFile(path, "utf8").catch(() => "0")), { timeout: 10_000 })
    .toBeGreaterThan(0)
    .then(async () => Number(await readFile(path, "utf8")));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
