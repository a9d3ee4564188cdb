import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toErrorMessage } from "../errors/to-error-message.ts";
import { parseTicketKey, type TicketKey } from "../ticket/ticket-key.ts";
import { makeFolder } from "../util/make-folder.ts";

const keyForm = /^TICKET-[1-9]\d{0,14}$/;

/** Keeps long tool outputs whole: below `dir`, or, without one, in a temporary folder that goes with the system. */
export class OutputFiles {
  readonly #dir: string | undefined;
  readonly #path: readonly string[];
  #temporary: Promise<string> | undefined;

  constructor(options: { readonly dir: string | undefined; readonly namespace: string }) {
    this.#dir = options.dir;
    // Keys are the same in every namespace.
    const folder = options.namespace === "default" ? [] : [`ns-${encodeURIComponent(options.namespace)}`];
    this.#path = ["outputs", ...folder];
  }

  /** Answers the path of the file, readable by this user only. */
  async save(options: {
    readonly ticket: TicketKey;
    readonly callId: string;
    readonly text: string;
  }): Promise<string> {
    const folder = join(await this.#folder(), options.ticket);
    await makeFolder(folder, { mode: 0o700 });
    const path = join(folder, `${options.callId.replaceAll(/[^A-Za-z0-9-]/g, "-")}.txt`);
    await writeFile(path, options.text, { mode: 0o600 });
    return path;
  }

  /** The tickets that have outputs here. */
  async tickets(): Promise<readonly TicketKey[]> {
    if (this.#dir === undefined && this.#temporary === undefined) return [];
    const names = await readdir(await this.#folder()).catch(() => []);
    return names.flatMap((name) => (keyForm.test(name) ? [parseTicketKey(name)] : []));
  }

  /** Removes what tickets left; what cannot be removed stays, and a warning says so. */
  async remove(tickets: readonly TicketKey[]): Promise<void> {
    const folder = await this.#folder();
    const failures: string[] = [];
    for (const ticket of tickets) {
      await rm(join(folder, ticket), { recursive: true, force: true }).catch((error: unknown) => {
        failures.push(toErrorMessage(error));
      });
    }
    if (failures.length === 0) return;
    const message = `The outputs of ${failures.length} pruned tickets in ${folder} could not be removed: ${failures[0]} Remove them by hand.`;
    process.emitWarning(message, "AgentwerkWarning");
  }

  async close(): Promise<void> {
    if (this.#temporary !== undefined) await rm(await this.#temporary, { recursive: true, force: true });
  }

  async #folder(): Promise<string> {
    return join(this.#dir ?? (await this.#temporaryDir()), ...this.#path);
  }

  #temporaryDir(): Promise<string> {
    this.#temporary ??= mkdtemp(join(tmpdir(), "agentwerk-"));
    return this.#temporary;
  }
}
