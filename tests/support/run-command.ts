import { spawn } from "node:child_process";

interface CommandOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end and returns what it wrote, whatever its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, signal }: CommandOptions,
): Promise<CommandResult> {
  // Each of them colours or warns about the other one, which no test is about.
  const { FORCE_COLOR: _, NO_COLOR: __, ...plain } = env;
  const child = spawn(command, args, {
    cwd,
    env: plain,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal && { signal }),
  });
  const result = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    result.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    result.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...result }));
  });
}

/** Runs a command that must succeed and returns its standard output. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}
