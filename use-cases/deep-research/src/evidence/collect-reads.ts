import { type Reply, type TicketSystem, textOf } from "@agentwerk/core";
import { ReadPages } from "./read-pages.ts";

/** What the tickets' conversations prove to have been read: each `web_fetch` that came back without an error. */
export async function collectReads(tickets: TicketSystem): Promise<ReadPages> {
  const pages = new ReadPages();
  for (const { key } of await tickets.find()) noteReads(await tickets.replies(key), pages);
  return pages;
}

function noteReads(replies: readonly Reply[], pages: ReadPages): void {
  // Ids are unique within one answer only, so that a result belongs to the last call before it.
  const urls = new Map<string, string>();
  for (const { message } of replies) {
    for (const block of message.content) {
      if (block.type === "tool_call" && block.name === "web_fetch") urls.set(block.id, urlOf(block.input));
      else if (block.type === "tool_call") urls.delete(block.id);
      if (block.type !== "tool_result" || block.isError === true) continue;
      const url = urls.get(block.callId);
      if (url !== undefined) pages.note(url, textOf(block.content));
    }
  }
}

function urlOf(input: unknown): string {
  return typeof input === "object" && input !== null && "url" in input ? String(input.url) : "";
}
