import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runOrThrow } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";

/** The scripts are JavaScript. */
const script = new URL("../../scripts/lib/mcpb.mjs", import.meta.url).href;
const {
  makeBundle,
}: {
  makeBundle(options: {
    readonly folder: string;
    readonly tarballs: Readonly<Record<string, string>>;
    readonly file: string;
    readonly env: NodeJS.ProcessEnv;
  }): void;
} = await import(script);
const tarballs = inject("tarballs");
const tools = join(workspaceRoot, "node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "agentwerk-mcpb-"));
const unpacked = join(folder, "unpacked");

beforeAll(async () => {
  const file = join(folder, "agentwerk.mcpb");
  makeBundle({ folder: join(folder, "bundle"), tarballs, file, env: process.env });
  await runOrThrow(join(tools, "mcpb"), ["unpack", file, unpacked], { cwd: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command that Claude Desktop starts, with its settings filled in. */
function startServer(settings: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  const manifest = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8"));
  const { command, args, env: variables } = manifest.server.mcp_config;
  const fill = (text: string): string =>
    text
      .replace(/\$\{__dirname\}/g, () => unpacked)
      .replace(/\$\{user_config\.(\w+)\}/g, (_match, name) => settings[name] ?? "");
  const filled = Object.entries(variables as Record<string, string>).map(([name, value]) => [
    name,
    fill(value),
  ]);
  const child = spawn(command, args.map(fill), {
    cwd: folder,
    env: { ...process.env, ...env, ...Object.fromEntries(filled) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return {
    ended,
    errors: () => errors,
    send: (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    /** The next message that answers a request. */
    async answer(id: number): Promise<{ result?: Record<string, unknown>; error?: unknown }> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`The server ended: ${errors}`);
        const message = JSON.parse(value);
        if (message.id === id) return message;
      }
    },
    async end(): Promise<number | null> {
      child.stdin.end();
      return ended;
    },
  };
}

test("the bundle serves tickets and works them on the model of its settings", async () => {
  await using simulator = await startSimulator({
    respond: () => ({ toolCalls: [{ name: "write_result", input: { result: "four" } }] }),
  });
  const settings = { directory: join(folder, "tickets"), provider: "openai", api_key: "sk-of-the-settings" };
  const server = startServer(settings, { OPENAI_BASE_URL: `${simulator.url}/v1` });
  server.send({
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  });
  expect(await server.answer(1)).toMatchObject({ result: { serverInfo: { name: "agentwerk" } } });
  server.send({ method: "notifications/initialized" });
  server.send({
    id: 2,
    method: "tools/call",
    params: { name: "ticket_file", arguments: { task: "How much is two and two?", wait_seconds: 30 } },
  });

  expect(await server.answer(2)).toMatchObject({
    result: { structuredContent: { settled: true, ticket: { status: "done", result: "four" } } },
  });
  expect(await server.end()).toBe(0);
});

test("a setting that is wrong is named", async () => {
  const settings = { directory: join(folder, "tickets"), provider: "nobody", api_key: "key" };
  const server = startServer(settings, {});
  expect(await server.ended).not.toBe(0);
  expect(server.errors()).toContain('"Model provider" is "nobody"');
});
