import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

/** Sends a signal to a process group; false when nobody is left in it, not even unreaped. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a process of the group still runs. In a container without an init process the dead are never reaped and
 * still take signals; where /proc tells, they do not count.
 */
export async function isGroupAlive(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  const processes = await readdir("/proc").catch(() => undefined);
  if (processes === undefined) return true;
  const numbers = processes.filter((name) => /^\d+$/.test(name));
  const alive = await Promise.all(numbers.map((pid) => isRunningIn(pid, group)));
  return alive.includes(true);
}

/** `pid (name) state parent group …`, proc_pid_stat(5); the name may hold anything, so the last bracket ends it. */
async function isRunningIn(pid: string, group: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  const [state, , itsGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(itsGroup) === group && state !== "Z" && state !== "X";
}

const groups = new Set<number>();
let listens = false;

/** Ends the group when this process exits by itself; the returned function takes that back. */
export function endGroupAtExit(group: number): () => void {
  groups.add(group);
  if (!listens) {
    listens = true;
    process.once("exit", () => {
      for (const left of groups) signalGroup(left, "SIGKILL");
    });
  }
  return () => void groups.delete(group);
}

/** Waits until its input ends, which is when the process that holds the other end is gone, however it went. */
const guardScript = 'trap "" HUP INT TERM; read -r _; kill -s TERM -- "-$1"; sleep 1; kill -s KILL -- "-$1"';

/**
 * Starts a small shell that ends the group when this process was killed without a chance to do it. To be stopped with
 * SIGKILL once the group is gone.
 */
export function guardGroup(group: number): ChildProcess {
  const guard = spawn("/bin/sh", ["-c", guardScript, "sh", String(group)], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    detached: true,
  });
  guard.on("error", () => {});
  guard.stdin?.on("error", () => {});
  letGo(guard, guard.stdin);
  return guard;
}

/** Keeps a child and its pipes from holding up the end of this process. */
export function letGo(child: ChildProcess, ...pipes: readonly unknown[]): void {
  child.unref();
  for (const pipe of pipes) if (hasUnref(pipe)) pipe.unref();
}

function hasUnref(value: unknown): value is { unref(): void } {
  return typeof value === "object" && value !== null && "unref" in value && typeof value.unref === "function";
}
