import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Whether a process runs; one that has ended and was not waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  if (stat === undefined) return process.platform !== "linux";
  return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** Waits until none of the processes runs any more; answers with those that still do after `patienceMs`. */
export async function stillRunning(pids: readonly number[], patienceMs = 20_000): Promise<readonly number[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const running: number[] = [];
    for (const pid of pids) if (await isRunning(pid)) running.push(pid);
    if (running.length === 0 || Date.now() > deadline) return running;
    await delay(50);
  }
}
