import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { programEnvironment } from "./program-environment.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started extends Disposable {
  readonly child: ChildProcess;
  /** Resolves once standard output holds the text; rejects when the program ended without it. */
  shows(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  /** Besides what every program gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input; empty unless given. */
  readonly input?: string;
}

/** Starts a program's source in a process of its own; it is killed, if need be, when the test lets go of it. */
export function startProgram(program: URL, argv: readonly string[], options: StartOptions = {}): Started {
  const { env, cwd, input } = options;
  const child = spawn(process.execPath, ["--conditions=@agentwerk/source", fileURLToPath(program), ...argv], {
    env: programEnvironment(env),
    cwd,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const closed = once(child, "close");
  const refuse = (): never => {
    throw new Error(`It ended before it showed what was waited for:\n${stdout}${stderr}`);
  };
  return {
    child,
    async shows(text) {
      while (!stdout.includes(text)) {
        await Promise.race([once(child.stdout ?? child, "data"), closed.then(refuse)]);
      }
    },
    ended: closed.then(([code]) => ({ code, stdout, stderr })),
    [Symbol.dispose]() {
      if (child.exitCode === null) child.kill("SIGKILL");
    },
  };
}
