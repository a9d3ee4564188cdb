import { writeFile } from "node:fs/promises";
import type { TicketKey, TicketStore } from "@agentwerk/core";
import { savedSessionVersion } from "./saved-session.ts";
import { toMarkdown } from "./transcript.ts";

/**
 * Writes a session to a new file: `.md` to be read, anything else as JSON, which `loadSession` reads. A file that exists stays,
 * and the answer is `false`.
 * @throws Error of the file system.
 */
export async function saveSession(store: TicketStore, key: TicketKey, path: string): Promise<boolean> {
  const [ticket, replies] = await Promise.all([store.get(key), store.replies(key)]);
  if (ticket === undefined) return false;
  const kept = replies.map(({ index: _index, at: _at, ...reply }) => reply);
  const text = path.endsWith(".md")
    ? toMarkdown(ticket, replies)
    : `${JSON.stringify({ version: savedSessionVersion, task: ticket.task, replies: kept }, null, 2)}\n`;
  try {
    await writeFile(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (Reflect.get(new Object(error), "code") === "EEXIST") return false;
    throw error;
  }
}
