import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import {
  deserializeMessage,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { describeSpawnError } from "./describe-spawn-error.ts";
import { LineBuffer } from "./line-buffer.ts";
import { endGroupAtExit, guardGroup, isGroupAlive, letGo, signalGroup } from "./process-group.ts";
import type { TailLog } from "./tail-log.ts";

export interface StdioTransportOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Gets what the server writes to standard error. */
  readonly log: TailLog;
  /** Bytes of one message, and those that the server may leave unread before the next; more end the connection. */
  readonly maxMessage: number;
}

/** What a server has between its input's end and SIGTERM, and between SIGTERM and SIGKILL. */
const graceMs = 1_000;
/** How long output of a server that has exited is waited for; a process that left the group may hold the pipe. */
const drainMs = 250;

/**
 * A server as a child process in a group of its own, with the messages of the SDK. Unlike the SDK's transport it ends
 * the whole group: when it is closed, when the server exits and leaves children, when this process exits, and when it
 * is killed. The SDK knows a transport over pipes by its `pid` and `stderr`.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly #options: StdioTransportOptions;
  readonly #buffer: LineBuffer;
  #child: ChildProcessWithoutNullStreams | undefined;
  #ended: Promise<void> | undefined;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
    this.#buffer = new LineBuffer(options.maxMessage);
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get stderr(): Readable | null {
    return this.#child?.stderr ?? null;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd, log } = this.#options;
    const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#child = child;
    child.on("error", (error) => this.onerror?.(error));
    letGo(child, child.stdin, child.stdout, child.stderr);
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      stream.on("error", (error) => this.onerror?.(error));
    }
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => log.push(chunk));
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    await new Promise<void>((resolve, reject) => {
      child.once("error", (error) => reject(describeSpawnError(error, { command, cwd })));
      child.once("spawn", resolve);
    });
    const group = child.pid;
    if (group === undefined) return;
    const guard = guardGroup(group);
    const forget = endGroupAtExit(group);
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const drained = new Promise<void>((resolve) => child.once("close", () => resolve()));
    this.#ended = exited.then(async () => {
      await endRest(group);
      await within(drained, drainMs);
      forget();
      guard.kill("SIGKILL");
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      this.#buffer.clear();
      this.onclose?.();
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    return new Promise((resolve, reject) => {
      if (stdin === undefined || !stdin.writable) return reject(new Error("The server's input is closed"));
      if (stdin.writableLength > this.#options.maxMessage) {
        this.#kill();
        return reject(new Error("The server does not read what it is sent"));
      }
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    const ended = this.#ended;
    if (child?.pid === undefined || ended === undefined) return;
    child.stdin.end();
    if (!(await within(ended, graceMs))) {
      signalGroup(child.pid, "SIGTERM");
      if (!(await within(ended, graceMs))) signalGroup(child.pid, "SIGKILL");
    }
    await ended;
  }

  #read(chunk: Buffer): void {
    let lines: readonly string[];
    try {
      lines = this.#buffer.push(chunk);
    } catch (error) {
      this.#report(error);
      // Nothing behind a message that is too long can be told apart from it.
      this.#kill();
      return;
    }
    for (const line of lines) {
      try {
        this.onmessage?.(deserializeMessage(line));
      } catch (error) {
        // A line that is no message: servers print banners and log lines where they must not.
        this.#report(error);
      }
    }
  }

  #kill(): void {
    if (this.#child?.pid !== undefined) signalGroup(this.#child.pid, "SIGKILL");
  }

  #report(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Ends what a server that has exited left behind in its group. */
async function endRest(group: number): Promise<void> {
  if (!(await isGroupAlive(group))) return;
  signalGroup(group, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (!(await isGroupAlive(group))) return;
  }
  signalGroup(group, "SIGKILL");
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([promise.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
