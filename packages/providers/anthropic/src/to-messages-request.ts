import type { ModelRequest, ToolChoice, ToolDefinition } from "@agentwerk/core";
import type { AnthropicSettings } from "./anthropic-options.ts";
import type { CacheControl } from "./mark-for-cache.ts";
import { markMessages } from "./mark-for-cache.ts";
import { findModelFamily } from "./model-families.ts";
import { countLoose, isStrictSchema } from "./strict-schema.ts";
import { toMessages } from "./to-messages.ts";

/** The body of a messages request, in Anthropic's names, and the headers that go with it. */
export interface MessagesRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Anthropic demands a limit; asked for where neither the request nor the model's own limit gives a lower one. */
const defaultMaxTokens = 32_000;

export function toMessagesRequest(request: ModelRequest, settings: AnthropicSettings): MessagesRequest {
  const { model, system, tools, temperature, stopSequences } = request;
  const cache = toCacheControl(settings.promptCache);
  const messages = toMessages(request.messages, settings.providerName);
  const body: Record<string, unknown> = {
    model,
    max_tokens: request.maxOutputTokens ?? maxTokensOf(model),
    messages: cache === undefined ? messages : markMessages(messages, cache),
  };
  if (system.trim() !== "") body.system = [{ type: "text", text: system, ...marked(cache) }];
  if (tools.length > 0) {
    body.tools = toTools(tools, { strict: settings.strictTools, cache });
    if (request.toolChoice !== "auto") body.tool_choice = toToolChoice(request.toolChoice);
  }
  if (temperature !== undefined) body.temperature = temperature;
  if (stopSequences !== undefined && stopSequences.length > 0) body.stop_sequences = stopSequences;
  const bindsThinking = settings.isOfficial && findModelFamily(model)?.bindsThinking === true;
  const keepsThinking = bindsThinking && messages.some(({ content }) => content.some(isThinking));
  if (keepsThinking) body.thinking = toleratedThinking;
  return {
    body: { ...body, ...request.extraBody },
    headers: keepsThinking ? withBeta(settings.headers, bindingBeta) : {},
  };
}

/**
 * Newer models refuse thinking whose conversation has changed before it, as a compaction or an upgrade of a tool does;
 * they are asked to drop such thinking instead (platform.claude.com/docs/en/build-with-claude/preserved-thinking).
 */
const toleratedThinking = {
  type: "adaptive",
  block_binding: { prefix_mismatch_behavior: "drop_block" },
};
const bindingBeta = "thinking-binding-controls-2026-08-01";

function isThinking({ type }: { readonly type: string }): boolean {
  return type === "thinking" || type === "redacted_thinking";
}

/** Next to the user's own: a header of a request replaces the client's of the same name. */
function withBeta(headers: Readonly<Record<string, string>>, beta: string): Readonly<Record<string, string>> {
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === "anthropic-beta")?.[1];
  return { "anthropic-beta": own === undefined ? beta : `${own},${beta}` };
}

function maxTokensOf(model: string): number {
  return Math.min(defaultMaxTokens, findModelFamily(model)?.maxOutputTokens ?? defaultMaxTokens);
}

function toCacheControl(promptCache: AnthropicSettings["promptCache"]): CacheControl | undefined {
  if (promptCache === false) return undefined;
  return promptCache === "1h" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" };
}

function marked(cache: CacheControl | undefined): { readonly cache_control?: CacheControl } {
  return cache === undefined ? {} : { cache_control: cache };
}

/**
 * From Anthropic's guide to structured outputs: more strict tools in one request, more optional parameters (24) or more
 * parameters with unions (16) are refused. One number for both keeps clear of either.
 */
const mostStrictTools = 20;
const mostLooseParameters = 16;

interface ToolForm {
  readonly strict: boolean;
  readonly cache: CacheControl | undefined;
}

/** The list is the same for a whole ticket, so its end is worth a place in the cache. */
function toTools(tools: readonly ToolDefinition[], { strict, cache }: ToolForm): readonly object[] {
  let strictTools = 0;
  let looseParameters = 0;
  return tools.map(({ name, description, inputSchema }, index) => {
    const loose = countLoose(inputSchema);
    const hasRoom = strictTools < mostStrictTools && looseParameters + loose <= mostLooseParameters;
    const isStrict = strict && hasRoom && isStrictSchema(inputSchema);
    if (isStrict) {
      strictTools += 1;
      looseParameters += loose;
    }
    return {
      name,
      ...(description === "" ? {} : { description }),
      input_schema: inputSchema,
      ...(isStrict ? { strict: true } : {}),
      ...(index === tools.length - 1 ? marked(cache) : {}),
    };
  });
}

function toToolChoice(choice: ToolChoice): object {
  if (typeof choice === "object") return { type: "tool", name: choice.tool };
  return { type: choice === "required" ? "any" : choice };
}
