import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chat } from "./test-support/chat.ts";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "llm-simulator-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(dir, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  #out = "";
  #err = "";

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    children.push(this.child);
    this.child.stdout?.on("data", (chunk) => {
      this.#out += chunk;
    });
    this.child.stderr?.on("data", (chunk) => {
      this.#err += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => resolve({ code, out: this.#out, err: this.#err }));
    });
  }

  async baseUrl(): Promise<string> {
    await expect.poll(() => this.#out, { timeout: 20_000 }).toContain("/v1");
    return /http:\S+/.exec(this.#out)?.[0] ?? "";
  }
}

test("serves a script until it is interrupted, and ends well when all was asked for", async () => {
  const file = join(dir, "script.json");
  await writeFile(file, JSON.stringify(["one", { text: "two", expect: { userText: "Hello" } }]));
  const run = new Run("--port", "0", "--script", file);
  const server = { baseUrl: await run.baseUrl() };
  expect((await chat(server, {})).text).toContain("one");
  expect((await chat(server, {})).text).toContain("two");
  run.child.kill("SIGINT");
  expect(await run.ended).toMatchObject({ code: 0, err: "" });
});

test("ends with 1 and the steps left over when the script was not followed", async () => {
  const file = join(dir, "script.json");
  await writeFile(file, JSON.stringify(["one"]));
  const run = new Run("--port", "0", "--script", file);
  await run.baseUrl();
  run.child.kill("SIGTERM");
  expect(await run.ended).toMatchObject({ code: 1, err: 'llm-simulator: Never asked for: step 1: "one"\n' });
});

test("a fault of the command line strikes at every nth request", async () => {
  const run = new Run("--port", "0", "--fault", "rate_limited:2");
  const server = { baseUrl: await run.baseUrl() };
  expect([(await chat(server, {})).status, (await chat(server, {})).status]).toEqual([200, 429]);
});

test.each([
  [["--prot", "1"], "Unknown option '--prot'"],
  [["--port", "many"], '--port is "many"; give a number.'],
  [["--fault", "bad_luck"], 'unknown fault "bad_luck"'],
  [["--script", "missing.json"], "Cannot read the script missing.json: there is no such file."],
  [["--repeat"], "--repeat needs --script."],
])("%j is refused in one line", async (args, message) => {
  const { code, out, err } = await new Run(...args).ended;
  expect(code).toBe(1);
  expect(out).toBe("");
  expect(err).toContain(message);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test("--help tells all options, --version the version", async () => {
  const help = await new Run("--help").ended;
  expect(help.code).toBe(0);
  expect(help.out).toContain("--tokens-per-second");
  expect((await new Run("--version").ended).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
