import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliBench, cliBench } from "../../testing/cli-bench.ts";
import { obedientModel } from "../../testing/simulated-agents.ts";

const config = `
import { askHuman, defineTool } from "@agentwerk/core";
import { defineConfig } from "agentwerk";

const pay = defineTool({
  name: "pay",
  description: "Pays.",
  input: { type: "object", properties: {} },
  approval: "always",
  run: () => "paid",
});

export default defineConfig({
  agents: [
    { name: "generalist", role: "You work.", tools: ["read_file"] },
    { name: "asker", labels: ["ask"], role: "You ask.", tools: ["ask_human", pay] },
  ],
});
`;

let simulator: Simulator;
let bench: CliBench;

beforeAll(async () => {
  simulator = await startSimulator({ respond: obedientModel });
  bench = cliBench({
    baseUrl: simulator.baseUrl,
    files: {
      "agentwerk.config.ts": config,
      "note.txt": "the content of the note",
      "finding.json": JSON.stringify({
        type: "object",
        properties: { severity: { enum: ["low", "high"] } },
        required: ["severity"],
      }),
    },
  });
});

afterAll(async () => {
  bench[Symbol.dispose]();
  await simulator.close();
});

describe("run", () => {
  test("prints the result and nothing else to a pipe", async () => {
    expect(await bench.run(["run", "say", "hello"])).toEqual({ code: 0, stdout: "say hello\n", stderr: "" });
  });

  test("reads the task from standard input, and works from a folder below the configuration", async () => {
    bench.write({ "below/deep/.keep": "" });
    const ended = await bench.run(["run", "-"], {
      stdin: 'call read_file {"path": "note.txt"}\n',
      cwd: `${bench.folder}/below/deep`,
    });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("the content of the note");
  });

  test("--json prints the ticket with its result and what it used", async () => {
    expect(await bench.json(["run", "--json", "hello"])).toMatchObject({
      key: "TICKET-1",
      status: "done",
      task: "hello",
      result: "hello",
      agent: "generalist",
      reason: "done",
      unclaimed: [],
      durationMs: expect.any(Number),
      work: { requests: 1, usage: { inputTokens: expect.any(Number) } },
    });
  });

  test("--schema holds the result to a schema", async () => {
    const ended = await bench.run(["run", "--schema", "finding.json", 'json {"severity": "high"}']);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ended.stdout)).toEqual({ severity: "high" });
  });

  test("a ticket that fails ends with 1 and one line that says why", async () => {
    bench.write({
      "strict.json": JSON.stringify({ policy: { maxSchemaRetries: 0 }, agents: [{ role: "You work." }] }),
    });
    const argv = ["run", "-c", "strict.json", "--schema", "finding.json", 'json {"severity": "none"}'];
    const { code, stdout, stderr } = await bench.run(argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^agentwerk: .*severity.*\n$/);
  });

  test("a question that nobody can answer ends with 3, and says what can be done", async () => {
    const { code, stderr } = await bench.run(["run", "--agent", "asker", "ask Which train?"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^agentwerk: .*Which train\?.*answer on a terminal.*tickets reply\.\n$/);
  });

  test("a limit ends it with 4", async () => {
    bench.write({
      "limited.json": JSON.stringify({
        policy: { maxInputTokens: 1 },
        agents: [{ role: "You work.", tools: ["read_file"] }],
      }),
    });
    const { code, stderr } = await bench.run([
      "run",
      "-c",
      "limited.json",
      'call read_file {"path": "note.txt"}',
    ]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^agentwerk: The limit maxInputTokens of 1 was reached; .*\n$/);
  });

  test("output of a tool reaches no terminal with its escape sequences", async () => {
    bench.write({ "evil.txt": "safe\u001b]0;title\u0007\u001b[31mred\u009b2Jend\u202e" });
    const { stdout } = await bench.run(["run", 'call read_file {"path": "evil.txt"}']);
    expect(stdout).toContain("safered");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what is tested.
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test.each([
    [["run", "--agent", "askr", "x"], /There is no agent askr\. Did you mean asker\?/],
    [["run", "--model", "foo:bar", "x"], /agentwerk: model names the vendor foo, /],
    [["run", "--label", "none", "x"], /No agent takes the label none; choose one with --agent: generalist/],
    [["run", "--schema", "no.json", "x"], /--schema no\.json cannot be read as JSON/],
    [
      ["run", "--max-cost", "no", "x"],
      /'--max-cost <dollars>' argument 'no' is invalid\. Give a number above 0; see agentwerk run --help/,
    ],
    [["run", " "], /The task is empty\./],
    [["run"], /missing required argument 'task'; see agentwerk run --help/],
    [
      ["run", "--modle", "m", "x"],
      /unknown option '--modle' \(did you mean --model\?\); see agentwerk run --help/,
    ],
    [["runn"], /unknown command 'runn' \(did you mean run\?\); see agentwerk --help/],
    [
      ["tickets", "answer"],
      /unknown command 'answer' \(did you mean reply\?\); see agentwerk tickets --help/,
    ],
    [["tickets", "accept", "1"], /unknown command 'accept' \(did you mean approve\?\)/],
    [["tickets", "deny", "1"], /unknown command 'deny' \(did you mean reject\?\)/],
    [["tickets", "rm", "1"], /unknown command 'rm' \(did you mean one of cancel, prune\?\)/],
    [["store", "list"], /unknown command 'list'; see agentwerk store --help/],
    [["knowledge", "delete", "x"], /unknown command 'delete' \(did you mean remove\?\)/],
    [["approve", "1"], /unknown command 'approve' \(did you mean tickets approve\?\); see agentwerk --help/],
    [["answer", "1"], /unknown command 'answer' \(did you mean tickets reply\?\)/],
    [["toString"], /unknown command 'toString'; see agentwerk --help/],
  ])("%j is refused with 2 and one line", async (argv, message) => {
    const { code, stdout, stderr } = await bench.run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it at once, with nothing left behind",
    async (signal) => {
      await using slow = await startSimulator({ respond: obedientModel, latencyMs: 60_000 });
      const { child, ended } = bench.start(["run", "hello"], { env: { OPENAI_BASE_URL: slow.baseUrl } });
      await slow.received(1);
      child.kill(signal);
      expect(await ended).toEqual({ code: signal === "SIGINT" ? 130 : 143, stdout: "", stderr: "" });
    },
  );

  test("without a configuration an agent that only looks does it", async () => {
    using bare = cliBench({ baseUrl: simulator.baseUrl, files: { "note.txt": "a note" } });
    const { code, stdout } = await bare.run(["run", 'call read_file {"path": "note.txt"}']);
    expect(code).toBe(0);
    expect(stdout).toContain("a note");
  });

  test("a pipe is told why nothing comes for long", async () => {
    await using busy = await startSimulator({
      respond: obedientModel,
      faults: [{ fault: { kind: "rate_limited", retryAfterMs: 2_000 }, at: [1] }],
    });
    const { code, stdout, stderr } = await bench.run(["run", "hello"], {
      env: { OPENAI_BASE_URL: busy.baseUrl },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "hello\n" });
    expect(stderr).toMatch(/rate limited: asked again in 2\.\d s/);
  });

  test.each([["run"], ["run", "--json"]])(
    "%s: a pipe is told which tools are missing, and why",
    async (...argv) => {
      using broken = cliBench({
        baseUrl: simulator.baseUrl,
        files: {
          "agentwerk.config.json": JSON.stringify({
            mcpServers: { desk: { command: process.execPath, args: ["no-such-server.js"] } },
            agents: [{ name: "clerk", role: "You work.", tools: ["mcp:desk"] }],
          }),
        },
      });
      const { code, stdout, stderr } = await broken.run([...argv, "hello"]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("hello") });
      expect(stderr).toMatch(/^! TICKET-1 +tools of \S*desk are missing: .+ clerk\n$/);
    },
  );

  test("without a key it names the variables, and does not go on", async () => {
    using keyless = cliBench();
    const { code, stderr } = await keyless.run(["run", "hello"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^agentwerk: No model provider in the environment: set one of .*\n$/);
  });
});
