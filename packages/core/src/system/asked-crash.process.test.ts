import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findOpenCalls } from "../ticket/close-open-calls.ts";
import { TicketSystem } from "./ticket-system.ts";

const program = fileURLToPath(new URL("./asked-crash.program.ts", import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "agentwerk-asked-crash-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Answers how the worker ended: with its exit code, or by a signal. */
async function work(killAt: string, ...dirs: readonly string[]): Promise<unknown> {
  const args = ["--conditions=@agentwerk/source", program, killAt, ...dirs];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code, signal] = await once(child, "close");
  return signal ?? code;
}

async function file(name: string): Promise<string> {
  const dir = join(root, name);
  await mkdir(dir);
  await using tickets = new TicketSystem({ dir });
  await tickets.task("pay");
  return dir;
}

async function linesOf(dir: string, name: string): Promise<readonly string[]> {
  const text = await readFile(join(dir, name), "utf8").catch(() => "");
  return text.split("\n").slice(0, -1);
}

/** What has to be true of a ticket, wherever its worker was killed on the way. */
async function check(dir: string): Promise<void> {
  await using tickets = new TicketSystem({ dir });
  const [ticket] = await tickets.find();
  expect(ticket, dir).toMatchObject({ status: "done", result: "done" });
  const log = await tickets.eventLog();
  expect(log.filter(({ type }) => type === "ticket_done")).toHaveLength(1);
  const replies = await tickets.replies(ticket?.key ?? "");
  expect(findOpenCalls(replies)).toEqual([]);

  const results = replies.flatMap(({ message }) =>
    message.content.flatMap((block) => (block.type === "tool_result" ? [block] : [])),
  );
  const paid = await linesOf(dir, "payments.txt");
  expect(new Set(paid).size).toBe(paid.length);
  const asked = replies.flatMap(({ message }) =>
    message.role === "assistant" ? message.content.filter(({ type }) => type === "tool_call") : [],
  );
  expect(results).toHaveLength(asked.length);
  const told = results.filter(({ content }) => JSON.stringify(content).includes("effect is unknown"));
  // Each payment was made and told, or the model knows that nobody can tell.
  expect(told.length).toBeLessThanOrEqual(1);
  const confirmed = results.filter(({ content }) => JSON.stringify(content).includes('"paid"'));
  expect(confirmed.length + told.length).toBe(2);
  expect(paid.length).toBeGreaterThanOrEqual(confirmed.length);

  // No answer is bought twice, but for one that was under way; nobody is asked for the same approval twice.
  expect((await linesOf(dir, "requests.txt")).length).toBeLessThanOrEqual(3);
  const approvals = log.flatMap((event) => (event.type === "approval_requested" ? [event.callId] : []));
  expect(approvals).toHaveLength(2);
  expect(new Set(approvals).size).toBe(2);
  expect(replies.filter(({ purpose }) => purpose === "asked").length).toBeLessThanOrEqual(1);
  expect(await tickets.store.account()).toMatchObject({ reserved: { outputTokens: 0 } });
}

it("calls that ask and were approved come to one outcome, wherever between two transactions their worker is killed", async () => {
  const dirs = [await file("effect")];
  expect(await work("effect", ...dirs)).toBe("SIGKILL");
  let isKilled = true;
  for (let killAt = 1; isKilled; killAt += 2) {
    const pair = [killAt, killAt + 1];
    const ends = await Promise.all(
      pair.map(async (place) => {
        const dir = await file(`${place}`);
        dirs.push(dir);
        return work(`${place}`, dir);
      }),
    );
    isKilled = ends.every((end) => end === "SIGKILL");
    for (const end of ends) expect(["SIGKILL", 0]).toContain(end);
  }
  expect(dirs.length).toBeGreaterThan(10);

  expect(await work("never", ...dirs)).toBe(0);
  for (const dir of dirs) await check(dir);
}, 180_000);
