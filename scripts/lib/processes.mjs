import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a preparing step. Says one line when it takes longer than a moment; shows the output only if it fails. */
export async function runQuietly(command, args, { label, cwd, env = process.env }) {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const progress = setTimeout(() => process.stderr.write(`${label} …\n`), 1500);
  let interruption;
  const noteInterruption = (_name, number) => {
    interruption = number;
  };
  for (const signal of signals) process.on(signal, noteInterruption);
  const code = await exitCode(child).finally(() => clearTimeout(progress));
  for (const signal of signals) process.off(signal, noteInterruption);
  if (interruption !== undefined) process.exit(128 + interruption);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(output));
  process.stderr.write(`\n${label} failed: ${command} ${args.join(" ")}\n`);
  process.exit(code);
}

/** Runs a program in the foreground and ends as it ended. */
export async function runProgram(command, args, { cwd, env = process.env } = {}) {
  process.exit(await exitCode(spawn(command, args, { cwd, env, stdio: "inherit" })));
}

/** The trimmed standard output of a short command. */
export async function capture(command, args, { cwd, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    output += chunk;
  });
  await exitCode(child);
  return output.trim();
}

/**
 * The exit code of a child, 128 + n if signal n ended it. Signals that reach this process meanwhile go on to the
 * child. A terminal sends Ctrl-C and hang-up to parent and child alike, and npm sends its own copy after that, so
 * with a terminal these two are left to the terminal: a program must not see one Ctrl-C as two. The scripts in
 * package.json begin with `exec`, because a shell between npm and this process would keep npm's signals to itself.
 */
function exitCode(child) {
  const leftToTerminal = hasTerminal() ? ["SIGINT", "SIGHUP"] : [];
  const lastSent = new Map();
  const forward = (signal) => {
    const now = Date.now();
    if (leftToTerminal.includes(signal) || now - (lastSent.get(signal) ?? 0) < 500) return;
    lastSent.set(signal, now);
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`Cannot start ${child.spawnfile}: ${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of signals) process.off(signal, forward);
  });
}

function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
