import { type Message, type ToolContext, textBlock, textOf, type UserContent } from "@agentwerk/core";
import {
  type CreateMessageRequestParams,
  type CreateMessageResult,
  ProtocolError,
  ProtocolErrorCode,
  type SamplingMessageContentBlock,
} from "@modelcontextprotocol/client";
import { mapBlock } from "../tools/map-content.ts";

export interface SamplingLimits {
  /** Tokens of one answer, whatever the server wants. */
  readonly maxTokens: number;
  /** Requests in one call. */
  readonly maxRequests: number;
}

/** Characters of what a server may put before the model at once. */
const longestPrompt = 200_000;

/** Asks the agent's model for a server, within limits; paid from the ticket's budgets. */
export async function sample(
  params: CreateMessageRequestParams,
  { context, limits }: { readonly context: ToolContext; readonly limits: SamplingLimits },
): Promise<CreateMessageResult> {
  if (JSON.stringify(params).length > longestPrompt) refuse("the request is too long");
  const messages = params.messages.map(({ role, content }) =>
    toMessage(role, Array.isArray(content) ? content : [content], context),
  );
  const response = await context.generate({
    system: params.systemPrompt,
    messages,
    maxOutputTokens: Math.min(params.maxTokens, limits.maxTokens),
    temperature: params.temperature,
    stopSequences: params.stopSequences,
  });
  return {
    role: "assistant",
    model: response.model,
    content: { type: "text", text: textOf(response.content) },
    stopReason: response.stopReason === "max_output_tokens" ? "maxTokens" : "endTurn",
  };
}

function toMessage(
  role: "user" | "assistant",
  blocks: readonly SamplingMessageContentBlock[],
  { accepts }: ToolContext,
): Message {
  const content = blocks.map((block): UserContent => {
    if (block.type === "tool_use" || block.type === "tool_result") {
      return refuse("tools in sampling are not supported");
    }
    return mapBlock(block, { accepts, maxOutput: longestPrompt });
  });
  if (role === "user") return { role, content };
  return { role, content: [textBlock(textOf(content))] };
}

function refuse(problem: string): never {
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Sampling refused: ${problem}`);
}
