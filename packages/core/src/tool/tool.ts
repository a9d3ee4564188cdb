import type { ToolDefinition } from "../provider/provider.ts";
import type { Schema } from "../schema/schema.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { ToolContext } from "./tool-context.ts";
import type { ToolReturn } from "./tool-result.ts";

/** What a tool does to the world, in the words of MCP's tool annotations. */
export interface ToolAnnotations {
  /** Changes nothing: calls of one turn run concurrently, and again after a crash. Default false. */
  readonly readOnly: boolean;
  /** A second call with the same `callId` changes nothing more: runs again after a crash. Default false. */
  readonly idempotent: boolean;
  /** May destroy or overwrite. Default true unless read-only; only shown, for now. */
  readonly destructive: boolean;
}

/** What an approval rule may look at besides the input. */
export interface ApprovalContext {
  readonly ticket: Ticket;
  readonly agent: string;
}

/** A tool made ready by `defineTool`. */
export interface Tool extends ToolDefinition, ToolAnnotations {
  /** Not listed to the model until `tool_search` finds it. */
  readonly deferred: boolean;
  /** Whether a person has to approve a call before it runs; absent: never. */
  readonly needsApproval?:
    | ((input: unknown, context: ApprovalContext) => boolean | Promise<boolean>)
    | undefined;
  /** Time limit of one call in milliseconds; the policy's `toolTimeout` when absent. */
  readonly timeoutMs?: number | undefined;
  /**
   * Decides what becomes of the ticket and touches nothing else: runs after the other calls of its turn, in the
   * turn's own commit, and may return a `ControlResult`.
   */
  readonly control: boolean;
  /** A control tool that can end the ticket: an agent that has one is asked to use it. */
  readonly finishes?: boolean | undefined;
  readonly parseInput: Schema["parse"];
  /** `input` has passed `parseInput`. A thrown error is told to the model. */
  run(input: unknown, context: ToolContext): ToolReturn | Promise<ToolReturn>;
}

export interface ToolSourceContext {
  readonly ticket: Ticket;
  readonly agent: string;
  readonly signal: AbortSignal;
  /** The user's own schema of the result, where this process has it. */
  readonly resultSchema?: Schema | undefined;
  /** Tells people what is missing from the answer and why, by the event `tool_source_failed`. */
  report(problem: string): void;
}

/** Yields tools that depend on the ticket, or that are known only at run time, such as those of an MCP server. */
export interface ToolSource {
  readonly name: string;
  /** Asked once per claim; the answer stays for the ticket's turns. A source that throws is reported, and its tools are missing. */
  tools(context: ToolSourceContext): readonly Tool[] | Promise<readonly Tool[]>;
}

export function isToolSource(value: Tool | ToolSource): value is ToolSource {
  return "tools" in value;
}
