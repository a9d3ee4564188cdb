import { toErrorMessage } from "../errors/to-error-message.ts";
import type { ToolCallBlock } from "../provider/content.ts";
import { formatIssues } from "../schema/schema.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Tool } from "../tool/tool.ts";
import { toolCallName } from "../tool/tool-search.ts";
import { isJsonObject, type JsonValue } from "../util/json.ts";
import { renderTemplate } from "../util/render-template.ts";
import { repairInput } from "./repair-input.ts";
import type { TicketSession } from "./ticket-session.ts";

/** A call that is ready to run, or the answer to one that cannot. */
export type PlannedCall = PlannedRun | PlannedAnswer;

export interface PlannedRun {
  readonly kind: "run";
  readonly call: ToolCallBlock;
  readonly callId: string;
  readonly tool: Tool;
  /** As the tool's schema parsed it. */
  readonly input: unknown;
  readonly repairs: readonly string[];
  /** The arguments that a person put in the place of the model's. */
  readonly edited?: JsonValue | undefined;
}

export interface PlannedAnswer {
  readonly kind: "answer";
  readonly call: ToolCallBlock;
  readonly callId: string;
  /** The name to show; that of the inner tool when called through `tool_call`. */
  readonly tool: string;
  readonly message: string;
  /** Set when a finishing call was refused: counts as a schema retry. */
  readonly retry: boolean;
}

export interface NumberedCall {
  readonly call: ToolCallBlock;
  readonly callId: string;
}

/** Names a call by ticket, answer (from 1) and place in it (from 0): the same when the conversation is read again. */
export function callIdOf(ticket: TicketKey, answer: number, position: number): string {
  return `${ticket}:${answer}:${position}`;
}

/** Finds the tool of a call and parses its input, with harmless repairs. */
export async function planCall(session: TicketSession, { call, callId }: NumberedCall): Promise<PlannedCall> {
  const { name, input, malformed } = unwrap(call);
  const tool = session.tools.byName.get(name);
  const answer = (template: string, values: Record<string, string>, retry = false): PlannedAnswer => ({
    kind: "answer",
    call,
    callId,
    tool: name,
    message: renderTemplate(template, { tool: name, ...values }),
    retry,
  });
  const { directives } = session;
  if (tool === undefined) {
    return answer(directives.toolUnknown, {
      tools: session.tools.listed.map((listed) => listed.name).join(", "),
    });
  }
  if (malformed !== undefined)
    return answer(directives.inputMalformed, { input: malformed.slice(0, 500) }, tool.control);
  const parsed = await parseSafely(tool, input);
  if (parsed.ok) return { kind: "run", call, callId, tool, input: parsed.value, repairs: [] };
  const { value, repairs } = repairInput(tool.inputSchema, input);
  const again = repairs.length === 0 ? parsed : await parseSafely(tool, value);
  if (again.ok) return { kind: "run", call, callId, tool, input: again.value, repairs };
  const template = tool.control ? directives.resultInvalid : directives.inputInvalid;
  return answer(template, { issues: formatIssues(again.issues) }, tool.control);
}

/** A schema that throws, as a transform may, refuses the value like any other. */
export async function parseSafely(
  tool: Tool,
  input: unknown,
): Promise<Awaited<ReturnType<Tool["parseInput"]>>> {
  try {
    return await tool.parseInput(input);
  } catch (error) {
    return { ok: false, issues: [{ path: "", message: toErrorMessage(error) }] };
  }
}

/** The tool that a call means: also of one through `tool_call`. */
export function toolNameOf(call: ToolCallBlock): string {
  return unwrap(call).name;
}

/** A deferred tool is called through `tool_call`, whose arguments name it. */
function unwrap({ name, input, malformedInput }: ToolCallBlock): {
  readonly name: string;
  readonly input: unknown;
  readonly malformed: string | undefined;
} {
  if (name === toolCallName && isJsonObject(input) && typeof input.name === "string") {
    return { name: input.name, input: input.input ?? {}, malformed: malformedInput };
  }
  return { name, input, malformed: malformedInput };
}
