import { spawn } from "node:child_process";
import { AgentwerkError } from "@agentwerk/core";
import { FileProblem } from "../confine/file-problem.ts";

export interface RipgrepOptions {
  readonly args: readonly string[];
  /** Directory to start in. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Bytes of output after which the search is ended. */
  readonly maxBytes?: number;
}

export interface RipgrepOutput {
  readonly stdout: Buffer;
  /** The output was longer than `maxBytes`. */
  readonly isCut: boolean;
  /** What could not be searched, one line each; empty when all went well. */
  readonly problems: readonly string[];
}

const longestErrors = 16_384;
let program: Promise<string> | undefined;

/**
 * Runs ripgrep once, without the machine's configuration, and ends it when the signal aborts.
 * @throws FileProblem when ripgrep refuses the arguments; AgentwerkError `missing_dependency`.
 */
export async function ripgrep(options: RipgrepOptions): Promise<RipgrepOutput> {
  const { args, cwd, signal, maxBytes = 268_435_456 } = options;
  program ??= findProgram();
  const path = await program;
  signal.throwIfAborted();
  const child = spawn(path, ["--no-config", "--color=never", ...args], {
    cwd,
    env: {},
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", kill, { once: true });
  const chunks: Buffer[] = [];
  let length = 0;
  let isCut = false;
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (isCut) return;
    chunks.push(chunk);
    length += chunk.length;
    isCut = length > maxBytes;
    if (isCut) kill();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (errors.length < longestErrors) errors += text;
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    const stdout = Buffer.concat(chunks);
    const problems = errors.split("\n").filter((line) => line !== "");
    if (!isCut && code !== 0 && code !== 1 && length === 0 && !problems.every(isAboutOneFile)) {
      throw new FileProblem(problems.join("\n") || `ripgrep ended with ${code}.`);
    }
    return { stdout, isCut, problems };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** `rg: ./secret: Permission denied (os error 13)`: the rest was searched. */
export function isAboutOneFile(line: string): boolean {
  return /\(os error \d+\)$/.test(line);
}

async function findProgram(): Promise<string> {
  try {
    return (await import("@vscode/ripgrep")).rgPath;
  } catch (error) {
    program = undefined;
    throw new AgentwerkError({
      code: "missing_dependency",
      message: `ripgrep is not installed for ${process.platform}-${process.arch}: install @agentwerk/tools-files without --no-optional, on the machine that runs it.`,
      cause: error,
    });
  }
}
