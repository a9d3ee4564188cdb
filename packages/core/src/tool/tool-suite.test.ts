import { setTimeout as delay } from "node:timers/promises";
import { memoryStore } from "../store/memory/memory-store.ts";
import { toolSuite } from "../testing/tool-suite.ts";
import { defineTool } from "./define-tool.ts";
import { manageTickets } from "./manage-tickets.ts";
import { readTickets } from "./read-tickets.ts";
import { toolSearch } from "./tool-search.ts";

/** A store with one ticket, for the tools that work on tickets. */
async function ticketBench(tool: ReturnType<typeof manageTickets>) {
  const store = memoryStore();
  await store.insert([{ task: "something else", labels: ["other"] }, { task: "one more" }]);
  return {
    tool,
    state: () => store.find({}),
    options: {
      tickets: {
        create: store.insert,
        get: store.get,
        find: store.find,
        replies: store.replies,
        update: store.update,
      },
    },
    close: () => store.close(),
  };
}

toolSuite({
  name: "manage_tickets",
  open: () => ticketBench(manageTickets()),
  valid: [
    { action: "create", task: "a new one", labels: ["other"] },
    { action: "edit", key: "TICKET-2", priority: 4 },
    { action: "cancel", key: "TICKET-2" },
  ],
  invalid: [{}, { action: "explode" }, { action: "create", task: 7 }, { action: "create", label: ["x"] }],
  failing: [{ action: "create" }, { action: "cancel" }, { action: "reply", key: "TICKET-2" }],
});

toolSuite({
  name: "read_tickets",
  open: () => ticketBench(readTickets()),
  valid: [{}, { key: "TICKET-1" }, { status: ["todo"], labels: ["other"], limit: 1 }],
  invalid: [{ key: 1 }, { status: ["open"] }, { limit: 0 }],
  failing: [{ key: "TICKET-77" }],
});

toolSuite({
  name: "tool_search",
  open: async () => ({ tool: toolSearch(), state: async () => "nothing to change" }),
  valid: [{ query: "weather" }],
  invalid: [{}, { query: "" }],
});

toolSuite({
  name: "a tool that waits",
  open: async () => ({
    state: async () => "nothing to change",
    tool: defineTool({
      name: "wait",
      description: "Waits.",
      input: { type: "object", properties: { ms: { type: "integer" } }, required: ["ms"] },
      readOnly: true,
      run: async (input, { signal }) => {
        await delay((input as { ms: number }).ms, undefined, { signal });
        return "waited";
      },
    }),
  }),
  valid: [{ ms: 1 }],
  invalid: [{ ms: "soon" }],
  slow: { ms: 60_000 },
});
