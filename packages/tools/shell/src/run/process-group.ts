import { readdir, readFile } from "node:fs/promises";

/** Sends a signal to a process group; false when nobody is left in it, not even unreaped. */
export function signalGroup(group: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (group === undefined) return false;
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
export async function isGroupAlive(group: number | undefined): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  const processes = await readdir("/proc").catch(() => undefined);
  if (processes === undefined) return true;
  const numbers = processes.filter((name) => /^\d+$/.test(name));
  const alive = await Promise.all(numbers.map((pid) => isRunningIn(pid, group)));
  return alive.includes(true);
}

/** `pid (name) state parent group …`, proc_pid_stat(5); the name may hold anything, so the last bracket ends it. */
async function isRunningIn(pid: string, group: number | undefined): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  const [state, , itsGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(itsGroup) === group && state !== "Z" && state !== "X";
}
