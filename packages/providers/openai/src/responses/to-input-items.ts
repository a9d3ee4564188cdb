import { createHash } from "node:crypto";
import type {
  AssistantContent,
  DocumentBlock,
  ImageBlock,
  Message,
  ToolResultBlock,
  UserContent,
} from "@agentwerk/core";
import { assertNever, textOf } from "@agentwerk/core";
import { type CallIds, createCallIds, toToolName } from "@agentwerk/core/provider-kit";
import { toReasoningItem } from "./reasoning-signature.ts";

/** An item of the input; fields as OpenAI names them. */
export type InputItem = Readonly<Record<string, unknown>>;

/** A conversation as items: messages, thinking, calls and their outputs stand side by side. */
export function toInputItems(messages: readonly Message[], providerName: string): readonly InputItem[] {
  const ids = createCallIds(toCallId);
  const items: InputItem[] = [];
  for (const message of messages) {
    switch (message.role) {
      case "user":
        items.push(...toUserItems(message.content));
        break;
      case "assistant":
        items.push(...toAssistantItems(message.content, { ids, providerName }));
        break;
      case "tool":
        for (const result of message.content) items.push(toOutputItem(result, ids));
        break;
      default:
        assertNever(message);
    }
  }
  return items;
}

interface Context {
  readonly ids: CallIds;
  readonly providerName: string;
}

function toUserItems(content: readonly UserContent[]): readonly InputItem[] {
  const parts = content.flatMap(toPart);
  return parts.length === 0 ? [] : [{ role: "user", content: parts }];
}

function toAssistantItems(
  content: readonly AssistantContent[],
  { ids, providerName }: Context,
): readonly InputItem[] {
  const items = content.flatMap((block): InputItem[] => {
    switch (block.type) {
      case "text":
        return block.text === "" ? [] : [{ role: "assistant", content: block.text }];
      case "reasoning": {
        const item = block.provider === providerName ? toReasoningItem(block) : undefined;
        return item === undefined ? [] : [{ ...item }];
      }
      case "tool_call": {
        const { name, input } = block;
        const call_id = ids.begin(block.id);
        // Broken arguments go back as the `{}` they were read as.
        return [{ type: "function_call", call_id, name: toToolName(name), arguments: JSON.stringify(input) }];
      }
      default:
        return assertNever(block);
    }
  });
  // Thinking that nothing follows, as in a reply that was cut off in it, is refused.
  return items.slice(0, items.findLastIndex(({ type }) => type !== "reasoning") + 1);
}

function toOutputItem({ callId, content, isError }: ToolResultBlock, ids: CallIds): InputItem {
  const files = content.filter((block) => block.type !== "text");
  const text = textOf(content);
  // There is no field for failures, so the text has to say it.
  const said = isError === true && !/^error\b/i.test(text) ? `Error: ${text}` : text;
  const head = { type: "function_call_output", call_id: ids.of(callId) };
  if (files.length === 0) return { ...head, output: said };
  const texts = said === "" ? [] : [{ type: "input_text", text: said }];
  return { ...head, output: [...texts, ...files.flatMap(toPart)] };
}

function toPart(block: UserContent): readonly InputItem[] {
  switch (block.type) {
    case "text":
      return block.text === "" ? [] : [{ type: "input_text", text: block.text }];
    case "image":
      return [{ type: "input_image", image_url: toDataUrl(block), detail: "auto" }];
    case "document":
      return [toDocumentPart(block)];
    default:
      return assertNever(block);
  }
}

function toDocumentPart(block: DocumentBlock): InputItem {
  if (block.mediaType.startsWith("text/")) {
    const text = Buffer.from(block.data, "base64").toString();
    return { type: "input_text", text: block.name === undefined ? text : `${block.name}:\n\n${text}` };
  }
  return { type: "input_file", filename: block.name ?? "document.pdf", file_data: toDataUrl(block) };
}

function toDataUrl({ mediaType, data }: ImageBlock | DocumentBlock): string {
  return `data:${mediaType};base64,${data}`;
}

/** OpenAI takes up to 64 characters, and results find their calls by the id alone. */
function toCallId(id: string, attempt: number): string {
  if (attempt === 0 && /^[\x21-\x7e]{1,64}$/.test(id)) return id;
  return `call_${createHash("sha256").update(`${attempt}:${id}`).digest("hex").slice(0, 24)}`;
}
