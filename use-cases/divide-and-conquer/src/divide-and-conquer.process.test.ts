import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "@agentwerk/llm-simulator";
import {
  type Ended,
  programStarter,
  type StartOptions,
  signalWhileModelLoads,
} from "@agentwerk/use-cases-shared/testing";
import { expect, test } from "vitest";
import { simulatedReply } from "./model/simulated-model.ts";

const start = programStarter(new URL("./main.ts", import.meta.url));
const startLiar = programStarter(new URL("./lying-model.program.ts", import.meta.url));

test("without a key it verifies the sum on the simulator, and shows how mistakes were mended", async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("No provider key is set: a simulated model answers on 127.0.0.1:");
  expect(stdout).toMatch(
    /Answer +333,333,833,333,500,000\nClosed form +333,333,833,333,500,000\nVerified +yes/,
  );
  expect(stdout).toContain("12 done, 0 failed");
  expect(stdout).toContain("1 of them repeated");
  expect(stdout).toContain("2 corrections, 1 repair");
});

test("piped output is plain lines", async () => {
  const { stdout } = await run(["--partitions", "2"], { env: { TERM: "xterm-256color" } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what is tested.
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test("--json prints one object and nothing else", async () => {
  const { code, stdout, stderr } = await run(["--json", "--n", "1000", "--partitions", "5"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd()).not.toContain("\n");
  expect(JSON.parse(stdout)).toMatchObject({
    n: 1000,
    partitions: 5,
    simulated: true,
    verified: true,
    sum: "333833500",
    expected: "333833500",
    reason: "drained",
    tickets: { done: 5, failed: 0, open: 0 },
    retries: 1,
    corrections: 2,
    repairs: 1,
    cost: null,
    problems: [],
  });
});

test("a wrong option gets one line and exit code 2", async () => {
  const { code, stdout, stderr } = await run(["--partition", "3"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^divide-and-conquer: Unknown option '--partition'; see --help\.\n$/);
});

test("a model that lies is found out", async () => {
  const { code, stdout } = await startLiar(["--partitions", "2"]).ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/Verified +no, off by 2\n/);
  expect(stdout).toContain("TICKET-1 is off by 1 (1 to 500000).");
});

test("a run that ends at --max-steps is not verified, and says why", async () => {
  const { code, stdout } = await run(["--partitions", "4", "--max-steps", "2"]);
  expect(code).toBe(1);
  expect(stdout).toContain("2 done, 0 failed, 2 open");
  expect(stdout).toContain("--max-steps 2 was reached");
});

test("with a provider in the environment it uses that", async () => {
  await using simulator = await startSimulator({
    respond: simulatedReply,
    apiKey: "sk-test",
    models: ["gpt-test"],
  });
  const { code, stdout } = await run(["--partitions", "3"], {
    env: { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "gpt-test" },
  });
  expect(code).toBe(0);
  expect(stdout).toContain("Model: gpt-test from openai (OPENAI_API_KEY is set).");
  expect(stdout).toContain("Cost         unknown for this model");
  expect(simulator.requestCount).toBeGreaterThan(3);
});

test("a key that is refused ends the run with one line that says what to do", async () => {
  await using simulator = await startSimulator({ apiKey: "sk-right" });
  const { code, stdout, stderr } = await run([], {
    env: { OPENAI_API_KEY: "sk-wrong", OPENAI_BASE_URL: simulator.baseUrl },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^divide-and-conquer: .*refused the API key.*OPENAI_API_KEY.*\n$/);
  expect(stderr).not.toContain("sk-wrong");
  expect(stdout).not.toContain("Verified");
  expect(simulator.requestCount).toBeLessThanOrEqual(4);
});

test("a provider that does not exist is a mistake, not a reason to simulate", async () => {
  const { code, stderr } = await run([], { env: { LITELLM_PROVIDER: "opnai" } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^divide-and-conquer: LITELLM_PROVIDER is "opnai"; choose one of .*\n$/);
});

test.each([1, 2, 3])(
  "an interrupt that arrives %i times at once ends it in order with 130",
  async (times) => {
    await using simulator = await startSimulator({ respond: simulatedReply, latencyMs: 60_000 });
    const { child, ended } = start([], { env: { OPENAI_BASE_URL: simulator.baseUrl } });
    await simulator.received(4);
    const before = performance.now();
    for (let count = 0; count < times; count++) child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(stdout).toContain("0 of 12 tickets done.");
    expect(performance.now() - before).toBeLessThan(3_000);
  },
);

test("a signal while the model's package is loaded ends it before a ticket is filed", async () => {
  const { code, stdout, stderr } = await run([], { env: signalWhileModelLoads("SIGTERM") });
  expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
  expect(stdout).toBe("Interrupted: ending in order …\n");
});

test("a queue in a folder goes on after an interrupt, and a finished one buys nothing", async () => {
  const dir = await mkdtemp(join(tmpdir(), "divide-and-conquer-"));
  try {
    const first = start(["--dir", dir, "--concurrency", "1"]);
    await first.shows("✓ TICKET-2");
    first.child.kill("SIGINT");
    const interrupted = await first.ended;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toContain("The same command goes on from here.");
    const second = await run(["--dir", dir]);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/\d+ tickets of an earlier run stay done/);
    const third = await run(["--dir", dir, "--json"]);
    expect(JSON.parse(third.stdout)).toMatchObject({ verified: true, requests: 0, tickets: { done: 12 } });
    expect(await readdir(dir)).toContain("tickets.db");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("what a program that was killed had begun is told to be waited for", async () => {
  const dir = await mkdtemp(join(tmpdir(), "divide-and-conquer-"));
  try {
    await using simulator = await startSimulator({ latencyMs: 600_000 });
    const env = { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "slow" };
    const first = start(["--dir", dir, "--concurrency", "3"], { env });
    await simulator.received(3);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = start(["--dir", dir]);
    await second.shows("3 tickets held elsewhere; those of a killed program come free within 30 s.");
    second.child.kill("SIGKILL");
    await second.ended;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

function run(argv: readonly string[], options?: StartOptions): Promise<Ended> {
  return start(argv, options).ended;
}
