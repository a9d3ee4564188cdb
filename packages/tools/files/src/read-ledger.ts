import type { ToolContext } from "@agentwerk/core";

/** Which content of which file a conversation has seen. */
export interface ReadLedger {
  /** Notes that the conversation saw this content, by reading or by writing it. */
  note(context: ToolContext, file: { readonly real: string; readonly hash: string }): void;
  /** Hash of the content that the conversation saw last. */
  seen(context: ToolContext, real: string): string | undefined;
}

/** A forgotten file is read once more; nothing else is lost. */
const longestLedger = 20_000;

function makeLedger(): ReadLedger {
  // Keys of tickets repeat between systems, so each system's access object has a map of its own.
  const systems = new WeakMap<object, Map<string, string>>();
  const keyOf = ({ ticket, agent }: ToolContext, real: string): string =>
    JSON.stringify([ticket.key, agent, real]);
  return {
    note(context, { real, hash }) {
      const files = systems.get(context.tickets) ?? new Map<string, string>();
      systems.set(context.tickets, files);
      const key = keyOf(context, real);
      files.delete(key);
      files.set(key, hash);
      if (files.size > longestLedger) {
        for (const oldest of files.keys()) {
          files.delete(oldest);
          break;
        }
      }
    },
    seen: (context, real) => systems.get(context.tickets)?.get(keyOf(context, real)),
  };
}

/** One for the process, so that tools made apart know of each other's reads. */
export const readLedger: ReadLedger = makeLedger();
