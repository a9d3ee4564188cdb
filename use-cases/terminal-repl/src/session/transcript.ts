import { type Reply, type Ticket, textOf } from "@agentwerk/core";

/** One thing that was said or done, in order. */
export type TranscriptEntry =
  | { readonly kind: "person" | "model" | "summary"; readonly text: string }
  | { readonly kind: "call"; readonly tool: string; readonly input: string };

/** A conversation as people read it: without the context block, tool results and corrections. */
export function toTranscript(ticket: Ticket, replies: readonly Reply[]): readonly TranscriptEntry[] {
  const entries: TranscriptEntry[] = [{ kind: "person", text: textOfTask(ticket) }];
  for (const { message, purpose } of replies) {
    const text = textOf(message.content);
    if (purpose === "comment") entries.push({ kind: "person", text });
    if (purpose === "summary") entries.push({ kind: "summary", text });
    if (purpose !== "answer" || message.role !== "assistant") continue;
    if (text !== "") entries.push({ kind: "model", text });
    for (const block of message.content) {
      if (block.type === "tool_call")
        entries.push({ kind: "call", tool: block.name, input: JSON.stringify(block.input) });
    }
  }
  return entries;
}

function textOfTask({ task }: Ticket): string {
  return typeof task === "string" ? task : JSON.stringify(task, null, 2);
}

/** The same as a markdown file. */
export function toMarkdown(ticket: Ticket, replies: readonly Reply[]): string {
  const parts = toTranscript(ticket, replies).map((entry) => {
    if (entry.kind === "call") return `\`${entry.tool}\` ${fence(entry.input)}`;
    const heads = { person: "**You**", model: "**Assistant**", summary: "**Summary of what came before**" };
    return `${heads[entry.kind]}\n\n${entry.text}`;
  });
  return `# ${ticket.key}\n\n${parts.join("\n\n")}\n`;
}

/** Inline code whose fence is longer than any within. */
function fence(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const ticks = "`".repeat(longest + 1);
  return longest === 0 ? `${ticks}${text}${ticks}` : `${ticks} ${text} ${ticks}`;
}
