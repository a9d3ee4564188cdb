import type { Knowledge } from "@agentwerk/core";
import type { CallToolResult, InputRequests, ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";
import { deepestJson, isDeeperThan } from "../../json-depth.ts";
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
  /** Ends when the server is about to close. */
  readonly closing: AbortSignal;
  /** Whether the client lets the server ask its person. */
  readonly elicits: boolean;
  /** Whether an approval counts only when the client's person was asked by the server. */
  readonly onlyAsked: boolean;
  /** What was answered to the questions of this call's last round, by their keys. */
  readonly answers: Readonly<Record<string, unknown>>;
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

/** What the client's person has to be asked before the tool runs; the call is then made again, with the answers. */
export interface AskOutput {
  readonly asks: InputRequests;
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
  run(input: unknown, call: ToolCall): Promise<{ readonly result: CallToolResult } | TaskOutput | AskOutput>;
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
  run(input: z.output<Input>, call: ToolCall): Promise<ToolOutput<z.input<Output>> | TaskOutput | AskOutput>;
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
      if (isDeeperThan(given, deepestJson))
        throw new ToolInputError(
          `The input of ${name} is nested deeper than ${deepestJson} levels; flatten it, or send it as text.`,
        );
      const parsed = input.safeParse(given ?? {});
      if (!parsed.success) throw new ToolInputError(describeIssues(name, parsed.error));
      const answer = await options.run(parsed.data, call);
      if ("taskId" in answer || "asks" in answer) return answer;
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
