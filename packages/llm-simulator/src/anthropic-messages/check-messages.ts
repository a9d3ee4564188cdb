import type { Failure } from "../failure.ts";
import { invalid } from "../invalid.ts";
import { isIntact } from "../reply/sign.ts";
import type { MessagesBlock, MessagesMessage } from "./messages-request.ts";
import { blocksOf } from "./messages-request.ts";

/**
 * Finds what makes a list of messages malformed. The calls of an assistant message are answered by the first blocks of
 * the next message, each once; consecutive messages of one role count as one.
 */
export function checkMessages(messages: unknown): Failure | undefined {
  if (!Array.isArray(messages)) return invalid("messages: Input should be a valid array");
  if (messages.length === 0) return invalid("messages: at least one message is required");
  for (const [index, message] of messages.entries()) {
    const failure = checkShape(message, { path: `messages.${index}`, isLast: index === messages.length - 1 });
    if (failure !== undefined) return failure;
  }
  if (messages[0]?.role !== "user") return invalid('messages: first message must use the "user" role');
  return checkCalls(joinTurns(messages));
}

interface Place {
  readonly path: string;
  readonly isLast: boolean;
}

function checkShape(value: unknown, { path, isLast }: Place): Failure | undefined {
  const { role, content } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (role !== "user" && role !== "assistant") {
    return invalid(`${path}.role: Input should be 'user' or 'assistant'`);
  }
  if (typeof content !== "string" && !Array.isArray(content))
    return invalid(`${path}.content: Field required`);
  if (content.length === 0 && !(isLast && role === "assistant")) {
    return invalid(
      `${path}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  for (const [index, block] of blocksOf(content).entries()) {
    const problem = findProblem(block);
    if (problem !== undefined) return invalid(`${path}.content.${index}${problem}`);
  }
  return undefined;
}

/** What is wrong with a block, to be put after its place. */
function findProblem(block: MessagesBlock): string | undefined {
  switch (block.type) {
    case "text":
      return findTextProblem(block.text ?? "");
    case "thinking":
      if (typeof block.signature !== "string") return ".thinking.signature: Field required";
      return isIntact(block.thinking ?? "", block.signature)
        ? undefined
        : ": Invalid `signature` in `thinking` block";
    case "redacted_thinking":
      return typeof block.data === "string" ? undefined : ".redacted_thinking.data: Field required";
    case "tool_use":
      return findCallProblem(block);
    case "tool_result":
      return isId(block.tool_use_id)
        ? undefined
        : ".tool_result.tool_use_id: String should match pattern '^[a-zA-Z0-9_-]+$'";
    case "image":
    case "document":
      return typeof block.source === "object" ? undefined : `.${block.type}.source: Field required`;
    default:
      return `: Input tag '${block.type}' found using 'type' does not match any of the expected tags`;
  }
}

function findCallProblem({ id, name = "", input }: MessagesBlock): string | undefined {
  if (!isId(id)) return ".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
    return ".tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
  }
  const isObject = typeof input === "object" && input !== null;
  return isObject ? undefined : ".tool_use.input: Input should be a valid dictionary";
}

function findTextProblem(text: string): string | undefined {
  if (text === "") return ": text content blocks must be non-empty";
  return text.trim() === "" ? ": text content blocks must contain non-whitespace text" : undefined;
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^[a-zA-Z0-9_-]+$/.test(value);
}

interface Turn {
  readonly role: string;
  readonly path: string;
  readonly blocks: MessagesBlock[];
}

function joinTurns(messages: readonly MessagesMessage[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocksOf(content));
    else turns.push({ role, path: `messages.${index}`, blocks: [...blocksOf(content)] });
  }
  return turns;
}

function checkCalls(turns: readonly Turn[]): Failure | undefined {
  const seen = new Set<string>();
  let open = new Set<string>();
  let openPath = "";
  for (const { role, path, blocks } of turns) {
    const failure = role === "user" ? checkResults(blocks, open, path) : undefined;
    if (failure !== undefined) return failure;
    if (open.size > 0) return unanswered(open, openPath);
    open = new Set();
    openPath = path;
    for (const { type, id = "" } of blocks) {
      if (type !== "tool_use") continue;
      if (seen.has(id)) return invalid(`${path}: \`tool_use\` ids must be unique`);
      seen.add(id);
      open.add(id);
    }
  }
  return open.size > 0 ? unanswered(open, openPath) : undefined;
}

/** Takes what the leading results answer out of `open`. */
function checkResults(
  blocks: readonly MessagesBlock[],
  open: Set<string>,
  path: string,
): Failure | undefined {
  const answered = new Set<string>();
  let resultsMayFollow = true;
  for (const [index, { type, tool_use_id: id = "" }] of blocks.entries()) {
    if (type !== "tool_result") {
      resultsMayFollow = false;
      continue;
    }
    if (answered.has(id)) {
      return invalid(
        `${path}.content.${index}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
      );
    }
    if (!open.has(id)) {
      return invalid(
        `${path}.content.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
    if (!resultsMayFollow) continue;
    open.delete(id);
    answered.add(id);
  }
  return undefined;
}

function unanswered(open: ReadonlySet<string>, path: string): Failure {
  return invalid(
    `${path}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${[...open].join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}
