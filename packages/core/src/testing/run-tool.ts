import { resolve } from "node:path";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { FileKind } from "../provider/model.ts";
import { formatIssues } from "../schema/schema.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { Tool } from "../tool/tool.ts";
import type { TicketAccess, ToolContext, ToolEventDraft } from "../tool/tool-context.ts";
import type { ToolReturn } from "../tool/tool-result.ts";

export interface RunToolOptions {
  /** The working directory that the tool is given; that of the process unless given. */
  readonly dir?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly callId?: string | undefined;
  readonly tickets?: TicketAccess | undefined;
  readonly report?: ((progress: string) => void) | undefined;
  /** The agent's model; a tool that asks it fails unless given. */
  readonly generate?: ToolContext["generate"] | undefined;
  readonly emit?: ((event: ToolEventDraft) => void) | undefined;
  /** What people answered to the questions of the call; none unless given. */
  readonly answers?: readonly string[] | undefined;
  /** Files that the model takes; images and documents unless given. */
  readonly accepts?: readonly FileKind[] | undefined;
}

const noModel: ToolContext["generate"] = () =>
  Promise.reject(
    new AgentwerkError({
      code: "provider_failed",
      message: "There is no model here; give runTool the option generate.",
    }),
  );

/**
 * Calls a tool once, as the loop would with arguments that need no repair: parsed by its schema, then run.
 * @throws AgentwerkError `invalid_input` when the arguments do not fit, and whatever the tool throws.
 */
export async function runTool(tool: Tool, input: unknown, options: RunToolOptions = {}): Promise<ToolReturn> {
  const parsed = await tool.parseInput(input);
  if (!parsed.ok) {
    throw new AgentwerkError({
      code: "invalid_input",
      message: `The arguments of ${tool.name} do not fit its schema:\n${formatIssues(parsed.issues)}`,
    });
  }
  const store = memoryStore();
  const [ticket] = await store.insert([{ task: `a call of ${tool.name}` }]);
  return await tool.run(parsed.value, {
    signal: options.signal ?? new AbortController().signal,
    dir: resolve(options.dir ?? "."),
    ticket: ticket as Ticket,
    agent: "test",
    callId: options.callId ?? "TICKET-1:1:0",
    answers: options.answers ?? [],
    accepts: new Set(options.accepts ?? ["image", "document"]),
    tickets: options.tickets ?? {
      create: (drafts) => store.insert(drafts),
      get: (key) => store.get(key),
      find: (filter) => store.find(filter),
      replies: (key) => store.replies(key),
      update: (key, change) => store.update(key, change),
    },
    tools: [tool],
    report: options.report ?? (() => {}),
    generate: options.generate ?? noModel,
    emit: options.emit ?? (() => {}),
  });
}
