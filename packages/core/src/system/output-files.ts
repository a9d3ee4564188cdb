import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TicketKey } from "../ticket/ticket-key.ts";

/** Keeps long tool outputs whole: below `dir`, or, without one, in a temporary folder that goes with the system. */
export class OutputFiles {
  readonly #dir: string | undefined;
  #temporary: Promise<string> | undefined;

  constructor(dir: string | undefined) {
    this.#dir = dir;
  }

  /** Answers the path of the file, readable by this user only. */
  async save(options: {
    readonly ticket: TicketKey;
    readonly callId: string;
    readonly text: string;
  }): Promise<string> {
    const folder = join(this.#dir ?? (await this.#temporaryDir()), "outputs", options.ticket);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${options.callId.replaceAll(/[^A-Za-z0-9-]/g, "-")}.txt`);
    await writeFile(path, options.text, { mode: 0o600 });
    return path;
  }

  async close(): Promise<void> {
    if (this.#temporary !== undefined) await rm(await this.#temporary, { recursive: true, force: true });
  }

  #temporaryDir(): Promise<string> {
    this.#temporary ??= mkdtemp(join(tmpdir(), "agentwerk-"));
    return this.#temporary;
  }
}
