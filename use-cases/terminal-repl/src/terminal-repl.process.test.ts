import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { signalWhileModelLoads } from "@agentwerk/use-cases-shared/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { simulatedChat } from "./model/simulated-chat.ts";
import { TerminalSession } from "./testing/terminal-session.ts";

let dir: string;
const open: Disposable[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "terminal-repl-"));
  await writeFile(join(dir, "notes.txt"), "first line\nsecond line\n");
});

afterEach(async () => {
  for (const session of open.splice(0)) session[Symbol.dispose]();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

const ctrlC = "\u0003";
const up = "\u001b[A";

function start(
  options: {
    readonly argv?: readonly string[];
    readonly env?: Record<string, string>;
    readonly columns?: number;
  } = {},
) {
  const { argv = [], ...rest } = options;
  const session = new TerminalSession(argv, { cwd: dir, ...rest });
  open.push(session);
  return session;
}

/** A session that was greeted and waits. */
async function greeted(options: Parameters<typeof start>[0] = {}): Promise<TerminalSession> {
  const session = start(options);
  await session.prompts();
  return session;
}

/** The same, with a model whose answers take their time. */
async function slowModel(
  tokensPerSecond: number,
): Promise<{ simulator: Simulator; env: Record<string, string> }> {
  const simulator = await startSimulator({ respond: simulatedChat, tokensPerSecond, tokensPerEvent: 1 });
  open.push({ [Symbol.dispose]: () => void simulator.close() });
  return { simulator, env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "slow" } };
}

describe("a conversation", () => {
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
    const pid = await readPid(join(dir, "pid"));
    session.type(ctrlC);
    await session.shows("Stopped.");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    await session.prompts();
  });

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

  test("one that comes while the model's package is loaded is followed before the first prompt", async () => {
    const session = start({ env: signalWhileModelLoads("SIGTERM") });
    expect(await session.ended).toBe(143);
    expect(session.text).not.toContain("/help lists the commands.");
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
    expect(await readFile(join(dir, "b.txt"), "utf8")).toBe("three\nfour\nfive");
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
});

describe("approvals", () => {
  test("show the exact call; no brings the reason to the model", async () => {
    const session = await greeted();
    session.type("run echo hello > made.txt\r");
    await session.shows("? bash asks to run:\n    command: echo hello > made.txt");
    session.type("n it is too early\r");
    await session.shows("I left it, because: it is too early.");
    await expect(readFile(join(dir, "made.txt"))).rejects.toThrow("ENOENT");
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
    await expect(readFile(join(dir, "made.txt"))).rejects.toThrow("ENOENT");
  });

  test("what a command hides from the eye is shown", async () => {
    const simulator = await startSimulator({
      respond: ({ messages }) =>
        messages.at(-1)?.role === "tool"
          ? "done\u001b[2J\u001b]0;owned\u0007."
          : { toolCalls: [{ name: "bash", input: { command: "true #\u001b[2K\u001b[1Grm" } }] },
    });
    open.push({ [Symbol.dispose]: () => void simulator.close() });
    const session = await greeted({ env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "hostile" } });
    session.type("go\r");
    await session.shows("command: true #\\u001b[2K\\u001b[1Grm");
    session.type("y\r");
    await session.shows("done.");
    expect(session.raw).not.toContain("\u001b]0;");
    expect(session.raw).not.toContain("\u001b[2J");
  });
});

describe("sessions", () => {
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
    const simulator = await startSimulator({
      respond: simulatedChat,
      faults: [{ fault: "authentication_failed", at: [2] }],
    });
    open.push({ [Symbol.dispose]: () => void simulator.close() });
    const session = await greeted({ env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "moody" } });
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
    expect(await readFile(join(dir, "talk.md"), "utf8")).toContain("**You**\n\nmy name is Ann");
  });
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
