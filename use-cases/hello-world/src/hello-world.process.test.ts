import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Reply, type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import {
  type Ended,
  programEnvironment,
  programStarter,
  type Started,
  signalWhileModelLoads,
} from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { simulatedModel } from "./model/simulated-model.ts";

const program = programStarter(new URL("./main.ts", import.meta.url));

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  return program(argv, { env });
}

function run(argv: readonly string[], simulator?: Simulator): Promise<Ended> {
  return start(argv, simulator === undefined ? {} : { OPENAI_BASE_URL: simulator.baseUrl }).ended;
}

/** A model that always writes this result, whatever it is told. */
function insists(result: unknown): { readonly respond: () => Reply } {
  return { respond: () => ({ toolCalls: [{ name: "write_result", input: result }] }) };
}

test("without a key it answers on the simulator, tells every event, and shows how a mistake was mended", async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("No provider key is set: a simulated model answers on 127.0.0.1:");
  const types = stdout.match(/(?<=^. TICKET-1 +)\w+/gm);
  const request = ["request_started", "request_finished"];
  expect(types).toEqual([
    ...["ticket_created", "ticket_started"],
    ...[...request, "tool_call_started", "tool_call_finished"],
    ...[...request, "tool_call_failed", "schema_retried"],
    ...[...request, "tool_call_started", "tool_call_finished"],
    "ticket_done",
  ]);
  expect(stdout).toContain("write_result refused: count:");
  expect(stdout).toMatch(/\nl, 3 times: right\n$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what is tested.
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test("--json prints one object and nothing else, also of a text that would say something to a terminal or a template", async () => {
  const text = "\u001b[2J\u009b2JMiss {text}\nissippi";
  const { code, stdout, stderr } = await run(["--json", text]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd()).not.toMatch(/[\n\u009b]/);
  expect(JSON.parse(stdout)).toMatchObject({
    text,
    simulated: true,
    answer: { letter: "i", count: 4 },
    right: true,
    problem: null,
    requests: 3,
    corrections: 1,
    cost: null,
  });
  const told = (await run([text])).stdout;
  expect(["\u001b", "\u009b"].filter((sign) => told.includes(sign))).toEqual([]);
});

test("a wrong option and a text without letters get one line and exit code 2", async () => {
  for (const [argv, line] of [
    [["--jsn"], "hello-world: Unknown option '--jsn'; see --help.\n"],
    [["123"], 'hello-world: The text has no letters; give one such as "Hello, world!"\n'],
  ] as const) {
    expect(await run(argv)).toEqual({ code: 2, stdout: "", stderr: line });
  }
});

test("with a provider in the environment it uses that", async () => {
  await using simulator = await startSimulator({ respond: simulatedModel, models: ["gpt-test"] });
  const { code, stdout } = await run(["--model", "gpt-test"], simulator);
  expect(code).toBe(0);
  expect(stdout).toContain("Model: gpt-test from openai (OPENAI_BASE_URL is set).");
  expect(simulator.requestCount).toBe(3);
});

test("a model that lies is found out", async () => {
  await using simulator = await startSimulator(insists({ letter: "o", count: 4 }));
  const { code, stdout, stderr } = await run([], simulator);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toMatch(/\no, 4 times: wrong\n$/);
});

test("a model whose answer would say something to a terminal gets it told on one line", async () => {
  await using simulator = await startSimulator(
    insists({ letter: "\u001b[2J\u001b]0;title\u0007l\nl", count: 3 }),
  );
  const { stdout } = await run([], simulator);
  expect(stdout).toMatch(/^l l, 3 times: wrong$/m);
  expect(stdout).not.toContain("\u001b");
});

test("a model that never writes what fits ends in one line, and as one object for scripts", async () => {
  await using simulator = await startSimulator(insists({ letter: "l" }));
  const { code, stderr } = await run([], simulator);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^hello-world: TICKET-1 failed .*\n$/);
  expect(stderr).not.toContain("OPENAI_API_KEY");

  const { stdout } = await run(["--json"], simulator);
  expect(JSON.parse(stdout)).toMatchObject({
    answer: null,
    right: false,
    problem: expect.stringMatching(/^TICKET-1 failed/),
  });
});

test("a key that is refused ends it with one line that says what to do", async () => {
  await using simulator = await startSimulator({ apiKey: "sk-right" });
  const env = { OPENAI_API_KEY: "sk-wrong", OPENAI_BASE_URL: simulator.baseUrl };
  const { code, stderr } = await start([], env).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^hello-world: .*refused the API key.*OPENAI_API_KEY.*\n$/);
  expect(stderr).not.toContain("sk-wrong");
});

test("a provider that does not exist is a mistake, not a reason to simulate", async () => {
  const { code, stderr } = await start([], { LITELLM_PROVIDER: "opnai" }).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^hello-world: LITELLM_PROVIDER is "opnai"; choose one of .*\n$/);
});

test("an interrupt ends it in order with 130", async () => {
  await using simulator = await startSimulator({ respond: simulatedModel, latencyMs: 60_000 });
  const { child, ended } = start([], { OPENAI_BASE_URL: simulator.baseUrl });
  await simulator.received(1);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
  expect(stdout).toMatch(/\nInterrupted: ending in order …\n$/);
});

test("a signal while the model's package is loaded ends it before the ticket", async () => {
  const { code, stdout, stderr } = await start([], signalWhileModelLoads("SIGTERM")).ended;
  expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
  expect(stdout).toBe("Interrupted: ending in order …\n");
});

test("an interrupt says in --json what became of the ticket", async () => {
  await using simulator = await startSimulator({ respond: simulatedModel, latencyMs: 60_000 });
  const { child, ended } = start(["--json"], { OPENAI_BASE_URL: simulator.baseUrl });
  await simulator.received(1);
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ answer: null, interrupted: true });
  expect(JSON.parse(stdout).problem).toContain("TICKET-1");
});

test.runIf(existsSync("/dev/full"))("output that cannot be written is told in one line", () => {
  const full = openSync("/dev/full", "w");
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ["--conditions=@agentwerk/source", main], {
    env: programEnvironment(),
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^hello-world: Standard output cannot be written: ENOSPC.*\n$/);
});
