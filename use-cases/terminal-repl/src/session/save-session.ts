import { writeFile } from "node:fs/promises";
import type { TicketKey, TicketStore } from "@agentwerk/core";
import { savedSessionVersion } from "./saved-session.ts";
import { toMarkdown } from "./transcript.ts";

/**
 * Writes a session to a file that does not exist yet: `.md` to be read, anything else as JSON, which `loadSession` reads.
 * @throws Error of the file system, such as EEXIST.
 */
export async function saveSession(store: TicketStore, key: TicketKey, path: string): Promise<void> {
  const [ticket, replies] = await Promise.all([store.get(key), store.replies(key)]);
  if (ticket === undefined) return;
  const kept = replies.map(({ index: _index, at: _at, ...reply }) => reply);
  const text = path.endsWith(".md")
    ? toMarkdown(ticket, replies)
    : `${JSON.stringify({ version: savedSessionVersion, task: ticket.task, replies: kept }, null, 2)}\n`;
  await writeFile(path, text, { flag: "wx", mode: 0o600 });
}
