import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { PostgresOptions } from "../postgres-options.ts";

const program = fileURLToPath(new URL("./worker.program.ts", import.meta.url));

export interface Worker {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** Resolves with the first line that begins so; rejects when the worker ends before. */
  printed(start: string): Promise<string>;
  /** The exit code, or `undefined` after a signal. */
  readonly ended: Promise<number | undefined>;
}

export function startWorker(
  url: string,
  namespace: string,
  mode: "drain" | "stall" | "system",
  options: Pick<PostgresOptions, "pooler"> = {},
): Worker {
  const args = [url, namespace, mode, JSON.stringify(options)];
  const child = spawn(process.execPath, ["--conditions=@agentwerk/source", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const checks = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const check of checks) check();
  });
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const ended = new Promise<number | undefined>((resolve) =>
    child.once("close", (code) => resolve(code ?? undefined)),
  );
  return {
    child,
    lines,
    errors,
    ended,
    printed: (start) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) resolve(found);
        };
        checks.add(check);
        void ended.then(() =>
          reject(new Error(`The worker ended without saying ${start}: ${errors.join("\n")}`)),
        );
        check();
      }),
  };
}
