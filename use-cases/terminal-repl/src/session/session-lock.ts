import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program writes its id right after it made its lock; one that is still empty then, because of a full disk, never will. */
const writtenWithinMs = 5_000;

/** Paths of the locks that objects of this program hold. */
const heldHere = new Set<string>();

/** Keeps two programs from talking on one session at once; the lock of a program that died is taken over. */
export class SessionLock {
  readonly #dir: string;
  #held: string | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Lets go of the session before, and takes this one unless a living program has it. */
  take(session: string): boolean {
    const path = join(this.#dir, `terminal-repl-${session}.lock`);
    if (path === this.#held) return true;
    if (!write(path)) {
      if (isHeld(path)) return false;
      rmSync(path, { force: true });
      if (!write(path)) return false;
    }
    this.release();
    this.#held = path;
    heldHere.add(path);
    return true;
  }

  release(): void {
    if (this.#held === undefined) return;
    rmSync(this.#held, { force: true });
    heldHere.delete(this.#held);
    this.#held = undefined;
  }
}

function write(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isHeld(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    if (!(pid > 0)) return Date.now() - statSync(path).mtimeMs < writtenWithinMs;
    // A program that is alone in a container has the id of the one before it.
    if (pid === process.pid) return heldHere.has(path);
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else is alive, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
