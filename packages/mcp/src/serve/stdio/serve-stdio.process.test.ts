import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { TicketSystem } from "@agentwerk/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveTickets } from "../serve-tickets.ts";
import { echoAgent } from "../testing/agents.ts";

const program = fileURLToPath(new URL("../testing/serve-stdio.program.ts", import.meta.url));
const hello = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const call = (id: number, name: string, args: object) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: { stdout: string; stderr: string };
  send(...messages: readonly (object | string)[]): void;
  exited: Promise<number | null>;
}

async function start(dir?: string): Promise<Started> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), "agentwerk-stdio-")));
  const child = spawn(process.execPath, ["--conditions=@agentwerk/source", "--no-warnings", program, folder]);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  child.stdin.on("error", () => {});
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  return {
    child,
    output,
    send(...messages) {
      for (const message of messages)
        child.stdin.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
    },
    exited: once(child, "exit").then(([code]) => code as number | null),
  };
}

function messagesIn({
  output,
}: Started): { id?: number; result?: unknown; error?: unknown; method?: string }[] {
  return output.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("over standard input and output", () => {
  test("nothing but the protocol reaches standard output, and the process ends with its input, in order", async () => {
    const server = await start();
    server.send(hello, { jsonrpc: "2.0", method: "notifications/initialized" });
    server.send(call(2, "ticket_file", { task: "hello", wait_seconds: 30 }));
    await expect
      .poll(() => messagesIn(server), { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ id: 2 }));
    server.child.stdin.end();

    expect(await server.exited).toBe(0);
    for (const message of messagesIn(server)) expect(message).toMatchObject({ jsonrpc: "2.0" });
    expect(JSON.stringify(messagesIn(server))).toContain("HELLO");
    expect(server.output.stderr).toContain("not of the protocol");
    expect(server.output.stderr).toContain("filed TICKET-1");
    expect(server.output.stderr).toContain("closed in order");
  });

  test("requests that came before the end of the input are answered", async () => {
    const server = await start();
    server.send(hello, call(2, "ticket_file", { task: "hello" }), call(3, "ticket_list", {}));
    server.child.stdin.end();

    expect(await server.exited).toBe(0);
    expect(messagesIn(server).map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  test("a wait in hand does not hold the process, and its ticket is there for the next one", async () => {
    const dir = await mkdtemp(join(tmpdir(), "agentwerk-stdio-"));
    const server = await start(dir);
    server.send(hello, call(2, "ticket_file", { task: "nobody", labels: ["none"], wait_seconds: 45 }));
    await expect.poll(() => server.output.stderr, { timeout: 20_000 }).toContain("filed TICKET-1");
    server.child.stdin.end();
    expect(await server.exited).toBe(0);

    await using tickets = new TicketSystem({ dir });
    expect(await tickets.get("TICKET-1")).toMatchObject({ status: "todo", task: "nobody" });
  });

  test("garbage and unknown requests are no end", async () => {
    const server = await start();
    server.send("garbage", '{"jsonrpc":"2.0"', hello, { jsonrpc: "2.0", id: 2, method: "nonsense/call" });
    server.send(call(3, "ticket_list", {}));
    await expect
      .poll(() => messagesIn(server), { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ id: 3 }));

    expect(messagesIn(server)).toContainEqual(expect.objectContaining({ id: 2, error: expect.anything() }));
    server.child.stdin.end();
    expect(await server.exited).toBe(0);
  });

  test("a client that closes its end of the output ends the process", async () => {
    const server = await start();
    server.send(hello);
    await expect.poll(() => server.output.stdout, { timeout: 20_000 }).toContain('"id":1');
    server.child.stdout.destroy();
    server.send(call(2, "ticket_list", {}), call(3, "ticket_list", {}));

    expect(await server.exited).toBe(0);
    expect(server.output.stderr).toContain("closed in order");
  });

  test("streams of one's own are served, and close ends it", async () => {
    await using tickets = new TicketSystem({ agents: [echoAgent()] });
    const input = new PassThrough();
    const output = new PassThrough();
    const write = process.stdout.write;
    const served = await serveTickets(tickets, { input, output });

    input.write(`${JSON.stringify(hello)}\n`);
    const [answer] = (await once(output, "data")) as [Buffer];
    await served.close();

    expect(JSON.parse(String(answer))).toMatchObject({
      id: 1,
      result: { serverInfo: { name: "agentwerk" } },
    });
    expect(process.stdout.write).toBe(write);
    await expect(serveTickets(tickets, { in: input } as never)).rejects.toThrow("in is not an option");
  });
});
