import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { toErrorMessage } from "@agentwerk/core";
import { endWithProcess, prepareToEnd } from "./end-with-process.ts";
import { OutputBuffer } from "./output-buffer.ts";
import { isGroupAlive, signalGroup } from "./process-group.ts";

export interface RunScriptOptions {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Bytes of output that are kept. */
  readonly maxOutput: number;
  readonly signal: AbortSignal;
  /** Put in front of the shell's command: a program that runs it in a sandbox. */
  readonly prefix?: readonly string[] | undefined;
}

export interface ScriptResult {
  /** Standard output and standard error as they came, in one stream. */
  readonly output: OutputBuffer;
  readonly ending:
    | { readonly kind: "exited"; readonly code: number }
    | { readonly kind: "killed"; readonly signal: string }
    | { readonly kind: "timed_out" }
    | { readonly kind: "aborted" }
    | { readonly kind: "not_started"; readonly message: string };
  /** Processes were left behind and have been ended. */
  readonly leftovers: boolean;
}

/** How long processes have between SIGTERM and SIGKILL; well under the 5 s that the loop gives a cancelled tool. */
const killDelayMs = 1_500;
/** How long output of processes that outlive the shell is waited for. */
const drainMs = 250;

/**
 * Runs a script in a process group of its own with nothing on its standard input, and ends the whole group when the
 * shell has ended, its time is up or the signal aborts. Resolves in every case.
 */
export async function runScript(script: string, options: RunScriptOptions): Promise<ScriptResult> {
  const { dir, env, timeoutMs, maxOutput, signal, prefix = [] } = options;
  const output = new OutputBuffer(maxOutput);
  if (signal.aborted) return { output, ending: { kind: "aborted" }, leftovers: false };
  const isBash = existsSync("/bin/bash");
  const shell = isBash ? "/bin/bash" : "/bin/sh";
  // One pipe for both streams keeps their order.
  const argument = `exec 2>&1\n${script}`;
  const flags = isBash ? ["--noprofile", "--norc"] : [];
  const [program = shell, ...args] = [...prefix, shell, ...flags, "-c", argument];
  prepareToEnd();
  let child: ChildProcess;
  try {
    child = spawn(program, args, { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  } catch (error) {
    return { output, ending: notStarted(error, dir), leftovers: false };
  }
  const { pid } = child;
  const forget = pid === undefined ? undefined : endWithProcess(pid);
  let stopped: "timed_out" | "aborted" | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: "timed_out" | "aborted"): void => {
    if (stopped !== undefined) return;
    stopped = why;
    signalGroup(pid, "SIGTERM");
    killTimer = setTimeout(() => signalGroup(pid, "SIGKILL"), killDelayMs);
  };
  const onAbort = (): void => stop("aborted");
  const timer = setTimeout(() => stop("timed_out"), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  // A process that has no files left gives its child no streams.
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Readable);
  for (const stream of streams) {
    stream.on("data", (chunk: Buffer) => output.push(chunk));
    stream.on("error", () => {});
  }
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const exit = await new Promise<ScriptResult["ending"]>((resolve) => {
      child.once("error", (error) => resolve(notStarted(error, dir)));
      child.once("exit", (code, name) =>
        resolve(name === null ? { kind: "exited", code: code ?? 0 } : { kind: "killed", signal: name }),
      );
    });
    const wereThere = exit.kind === "not_started" ? false : await endGroup(pid, closed);
    // A sandbox ends all that is in it, and takes a moment to end itself.
    const leftovers = wereThere && prefix.length === 0;
    return { output, ending: stopped === undefined ? exit : { kind: stopped }, leftovers };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener("abort", onAbort);
    // Whoever left the group and still holds the pipes is not waited for.
    for (const stream of streams) stream.destroy();
    forget?.();
  }
}

function notStarted(error: unknown, dir: string): ScriptResult["ending"] {
  return { kind: "not_started", message: describeStart(error, dir) };
}

function describeStart(error: unknown, dir: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "E2BIG")
    return "the command is longer than the system takes; write long text to a file first.";
  return code === "ENOENT" && !existsSync(dir) ? "the directory is not there." : toErrorMessage(error);
}

/** After the shell has ended: lets output drain, then ends what is left of its group. Answers whether something was. */
async function endGroup(pid: number | undefined, closed: Promise<void>): Promise<boolean> {
  await Promise.race([closed, delay(drainMs)]);
  if (!(await isGroupAlive(pid))) return false;
  signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + killDelayMs;
  while (Date.now() < deadline) {
    await delay(20);
    if (!(await isGroupAlive(pid))) return true;
  }
  signalGroup(pid, "SIGKILL");
  return true;
}

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
