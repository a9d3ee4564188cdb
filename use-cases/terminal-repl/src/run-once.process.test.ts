import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "@agentwerk/llm-simulator";
import { programStarter, type Started, type StartOptions } from "@agentwerk/use-cases-shared/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { simulatedChat } from "./model/simulated-chat.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "terminal-repl-once-"));
  await writeFile(join(dir, "notes.txt"), "first line\nsecond line\n");
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const program = programStarter(new URL("./main.ts", import.meta.url));

function start(argv: readonly string[], options: StartOptions = {}): Started {
  return program(argv, { cwd: dir, ...options });
}

test("--prompt prints the answer and nothing else; tool calls are told beside it", async () => {
  const { code, stdout, stderr } = await start(["--prompt", "read notes.txt"]).ended;
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "I read notes.txt.\nnotes.txt has 2 lines. It begins:\nfirst line\nsecond line\n",
  });
  expect(stderr).toBe('● read_file {"path":"notes.txt"}\n');
});

test("what is piped in is the message", async () => {
  const { code, stdout } = await start([], { input: "how many lines has notes.txt?\n" }).ended;
  expect(code).toBe(0);
  expect(stdout).toContain("notes.txt has 2 lines.");
});

test("--json prints one object; without a person, what needs consent does not run", async () => {
  const { code, stdout, stderr } = await start(["--json", "--prompt", "run touch made.txt"]).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    problem: null,
    session: "TICKET-1",
    rejected: ["bash"],
    requests: 2,
  });
  await expect(readFile(join(dir, "made.txt"))).rejects.toThrow("ENOENT");
});

test("--yes runs it", async () => {
  const { code } = await start(["--yes", "--prompt", "run echo made > made.txt"]).ended;
  expect(code).toBe(0);
  expect(await readFile(join(dir, "made.txt"), "utf8")).toBe("made\n");
});

test("--session last goes on with the conversation, and counts this turn alone", async () => {
  await start(["--prompt", "my name is Ann"]).ended;
  const { stdout } = await start(["--session", "last", "--json", "--prompt", "what is my name?"]).ended;
  const printed = JSON.parse(stdout);
  expect(printed).toMatchObject({ answer: "Your name is Ann.", session: "TICKET-1", requests: 1 });
  const { inputTokens, outputTokens, cost } = printed;
  expect(cost).toBe(Number(((inputTokens * 0.25 + outputTokens * 2) / 1_000_000).toFixed(10)));
  const fresh = await start(["--prompt", "what is my name?"]).ended;
  expect(fresh.stdout).toBe("You have not told me.\n");
});

test("an answer of a provider that does not stream is shown", async () => {
  await using simulator = await startSimulator({
    respond: simulatedChat,
    chatDialect: { neverStreams: true },
  });
  const { code, stdout } = await start(["--prompt", "count to 3"], {
    env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "whole" },
  }).ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: "1 2 3\n" });
});

test("escape sequences of the model do not get through", async () => {
  await using simulator = await startSimulator({ respond: () => "a\u001b[2J\u001b]52;c;ZXZpbA==\u0007b" });
  const { stdout } = await start(["--prompt", "go"], {
    env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "hostile" },
  }).ended;
  expect(stdout).toBe("ab\n");
});

test("nor do those of a server that refuses, whose words stay on one line", async () => {
  const fault = { kind: "invalid_request", message: "a\u001b[2J\u001b]0;title\u0007b\nc" } as const;
  await using simulator = await startSimulator({ respond: () => ({ fault }) });
  const { code, stderr } = await start(["--prompt", "go"], {
    env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "hostile" },
  }).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^terminal-repl: [\x20-\x7e]* ab c [\x20-\x7e]*\n$/);
});

test("an interrupt ends it with 130", async () => {
  await using simulator = await startSimulator({ respond: simulatedChat, latencyMs: 600_000 });
  const program = start(["--prompt", "count to 3"], {
    env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "slow" },
  });
  await simulator.received(1);
  program.child.kill("SIGINT");
  expect((await program.ended).code).toBe(130);
});

test("a key that is refused is one line and 1", async () => {
  await using simulator = await startSimulator({ apiKey: "sk-right" });
  const { code, stdout, stderr } = await start(["--prompt", "hello"], {
    env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_API_KEY: "sk-wrong" },
  }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^terminal-repl: .*refused the API key.*OPENAI_API_KEY.*\n$/);
  expect(stderr).not.toContain("sk-wrong");
});

test.each([
  [["--colour"], "--colour"],
  [["--prompt", "a", "--session", "TICKET-9"], "There is no session TICKET-9"],
  [["--prompt", "a", "--session", "last"], "There is no session to go on with"],
  [["--prompt", "a", "--dir", "nowhere/in"], "--dir nowhere/in is no folder"],
  [[], "Standard input is empty"],
])("refuses %j in one line with 2", async (argv, part) => {
  const { code, stdout, stderr } = await start(argv).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^terminal-repl: [^\n]*\n$/);
  expect(stderr).toContain(part);
});

test.runIf(existsSync("/proc/self"))(
  "where no folder can be made it says so, and does not try for ever",
  async () => {
    const { code, stdout, stderr } = await start(["--prompt", "a", "--dir", "/proc"]).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^terminal-repl: The folder \/proc\/.agentwerk cannot be made: [^\n]*\n$/);
  },
);
