import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
    return true;
  }

  release(): void {
    if (this.#held !== undefined) rmSync(this.#held, { force: true });
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
    // An empty file is one that its program is about to write.
    return pid > 0 ? process.kill(pid, 0) : true;
  } catch (error) {
    // A process of somebody else is alive, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
