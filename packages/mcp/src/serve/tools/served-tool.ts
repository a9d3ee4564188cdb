import type { Knowledge } from "@agentwerk/core";
import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Profile } from "../profile.ts";
import type { TicketAccess } from "../tickets/ticket-access.ts";
import type { TicketWatch } from "../tickets/ticket-watch.ts";

/** What a tool gets besides its input. */
export interface ToolCall {
  readonly access: TicketAccess;
  readonly watch: TicketWatch;
  readonly knowledge: Knowledge | undefined;
  /** Whether agents of this process take tickets. */
  readonly works: boolean;
  /** Ends when the client is gone or cancels. */
  readonly signal: AbortSignal;
  /** Whether the client takes a task instead of a result. */
  readonly takesTask: boolean;
  /** Tells the client how far a long call is; nothing when it did not ask. */
  readonly report: (progress: {
    readonly progress: number;
    readonly total: number;
    readonly message: string;
  }) => void;
}

/** A short text for the model and the same as data. */
export interface ToolOutput<Output> {
  readonly text: string;
  readonly data: Output;
}

/** A ticket that the client is to follow as a task, in the place of a result. */
export interface TaskOutput {
  readonly taskId: string;
}

/** The words of MCP; a tool of tickets never reaches beyond them, so the world is closed unless an agent's work is meant. */
type Annotations = Required<Omit<ToolAnnotations, "title">>;

export interface ServedTool {
  readonly name: string;
  readonly profile: Profile;
  /** Whether it needs a knowledge. */
  readonly ofKnowledge: boolean;
  /** As `tools/list` shows it. */
  readonly listing: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly inputSchema: { type: "object"; [key: string]: unknown };
    readonly outputSchema: { type: "object"; [key: string]: unknown };
    readonly annotations: ToolAnnotations;
  };
  /** @throws ToolInputError when the input does not fit. */
  run(input: unknown, call: ToolCall): Promise<{ readonly result: CallToolResult } | TaskOutput>;
}

/** Input that does not fit a tool's schema; the model reads what to mend. */
export class ToolInputError extends Error {
  override name = "ToolInputError";
}

export function defineServedTool<Input extends z.ZodObject, Output extends z.ZodObject>(options: {
  readonly name: string;
  readonly title: string;
  readonly profile: Profile;
  readonly ofKnowledge?: boolean;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: Annotations;
  run(input: z.output<Input>, call: ToolCall): Promise<ToolOutput<z.input<Output>> | TaskOutput>;
}): ServedTool {
  const { name, title, description, input, output, profile } = options;
  return {
    name,
    profile,
    ofKnowledge: options.ofKnowledge ?? false,
    listing: {
      name,
      title,
      description,
      inputSchema: toDocument(input, "input"),
      outputSchema: toDocument(output, "output"),
      annotations: { title, ...options.annotations },
    },
    async run(given, call) {
      const parsed = input.safeParse(given ?? {});
      if (!parsed.success) throw new ToolInputError(describeIssues(name, parsed.error));
      const answer = await options.run(parsed.data, call);
      if ("taskId" in answer) return answer;
      return { result: { content: [{ type: "text", text: answer.text }], structuredContent: answer.data } };
    },
  };
}

function toDocument(schema: z.ZodObject, io: "input" | "output"): { type: "object"; [key: string]: unknown } {
  const { $schema: _, ...document } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return { ...document, type: "object" };
}

function describeIssues(tool: string, error: z.ZodError): string {
  const issues = error.issues.map(
    ({ path, message }) => `- ${path.length === 0 ? "input" : path.join(".")}: ${message}`,
  );
  return `The input of ${tool} does not fit:\n${issues.join("\n")}`;
}
