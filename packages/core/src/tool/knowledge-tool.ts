import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Knowledge, KnowledgeDraft, KnowledgeEntry, KnowledgePage } from "../knowledge/knowledge.ts";
import { assertNever } from "../util/assert-never.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";
import type { ToolContext } from "./tool-context.ts";
import { type ToolError, toolError } from "./tool-result.ts";

type Action = "list" | "read" | "write" | "remove" | "search";

interface KnowledgeInput {
  readonly action: Action;
  readonly slug?: string;
  readonly description?: string;
  readonly body?: string;
  readonly type?: string;
  readonly tags?: readonly string[];
  readonly query?: string;
}

const mostListed = 200;
const mostFound = 10;

/** The tool by which an agent keeps what it learned for later tickets, on the pages of `knowledge`. */
export function knowledgeTool(knowledge: Knowledge): Tool {
  return defineTool({
    name: "knowledge",
    description:
      "Pages of knowledge that outlive this ticket and are shared with other agents. Look here before you find out something that may be known; write down what will help later: facts, decisions, how things are done; not what only this ticket needs. write replaces the page whole, so read it first and keep what still holds.",
    input: {
      type: "object",
      properties: {
        action: { type: "string", enum: ["list", "read", "write", "remove", "search"] },
        slug: { type: "string", description: "The page, as deploy-steps; for read, write, remove." },
        description: { type: "string", description: "write: one line that says what the page tells." },
        body: { type: "string", description: "write: markdown." },
        type: { type: "string", description: "write: such as fact or decision." },
        tags: { type: "array", items: { type: "string" }, description: "write." },
        query: { type: "string", description: "search: words." },
      },
      required: ["action"],
      additionalProperties: false,
    },
    idempotent: true,
    destructive: true,
    run: (input, context) => run(input as unknown as KnowledgeInput, { knowledge, context }),
  });
}

interface KnowledgeCall {
  readonly knowledge: Knowledge;
  readonly context: ToolContext;
}

async function run(input: KnowledgeInput, call: KnowledgeCall): Promise<string | ToolError> {
  const { knowledge } = call;
  try {
    switch (input.action) {
      case "list":
        return toLines(await knowledge.list(), mostListed) || "There are no pages yet.";
      case "search":
        return await search(input, knowledge);
      case "read":
        return await read(input, knowledge);
      case "write":
        return await write(input, call);
      case "remove":
        return await remove(input, call);
      default:
        return assertNever(input.action);
    }
  } catch (error) {
    if (AgentwerkError.isInstance(error) && error.code === "invalid_input") return toolError(error.message);
    throw error;
  }
}

async function search({ query = "" }: KnowledgeInput, knowledge: Knowledge): Promise<string | ToolError> {
  if (query.trim() === "") return toolError("query is missing: which words to search for?");
  if (knowledge.search === undefined) return toolError("These pages cannot be searched; list them instead.");
  const found = await knowledge.search(query, { limit: mostFound });
  return toLines(found, mostFound) || `No page tells of ${JSON.stringify(query)}.`;
}

async function read({ slug }: KnowledgeInput, knowledge: Knowledge): Promise<string | ToolError> {
  if (slug === undefined) return toolError("slug is missing: which page to read?");
  const page = await knowledge.read(slug);
  return page === undefined
    ? toolError(`There is no page ${slug}; list shows those there are.`)
    : toText(page);
}

/** A page that already says the same is left alone, so that a call that runs again changes nothing. */
async function write(
  input: KnowledgeInput,
  { knowledge, context }: KnowledgeCall,
): Promise<string | ToolError> {
  const { slug, description, body } = input;
  if (slug === undefined) return toolError("slug is missing: a short name for the page, as deploy-steps.");
  if (description === undefined)
    return toolError("description is missing: one line that says what the page tells.");
  if (body === undefined) return toolError("body is missing: what is known, as markdown.");
  const before = await knowledge.read(slug);
  const draft = {
    slug,
    description,
    body,
    type: input.type ?? before?.type,
    tags: input.tags ?? before?.tags,
  };
  if (before !== undefined && isSame(before, draft)) return `Page ${slug} already says this.`;
  const page = await knowledge.write(draft);
  context.emit({ type: "knowledge_written", slug: page.slug });
  return before === undefined ? `Wrote page ${slug}.` : `Replaced page ${slug}.`;
}

async function remove(
  { slug }: KnowledgeInput,
  { knowledge, context }: KnowledgeCall,
): Promise<string | ToolError> {
  if (slug === undefined) return toolError("slug is missing: which page to remove?");
  if (!(await knowledge.remove(slug))) return `There is no page ${slug}.`;
  context.emit({ type: "knowledge_removed", slug });
  return `Removed page ${slug}.`;
}

function isSame(page: KnowledgePage, draft: KnowledgeDraft): boolean {
  return (
    page.description === draft.description &&
    page.body.trim() === draft.body.trim() &&
    page.type === (draft.type ?? page.type) &&
    page.tags.join("\n") === (draft.tags ?? page.tags).join("\n")
  );
}

function toLines(entries: readonly KnowledgeEntry[], most: number): string {
  const lines = entries.slice(0, most).map(({ slug, type, description, tags }) => {
    const words = tags.length === 0 ? "" : ` [${tags.join(", ")}]`;
    return `${slug} (${type}): ${description}${words}`;
  });
  if (entries.length > most) lines.push(`(${entries.length - most} more pages: search for what you need)`);
  return lines.join("\n");
}

function toText({ type, description, tags, timestamp, body }: KnowledgePage): string {
  const written = new Date(timestamp).toISOString().slice(0, 10);
  const words = tags.length === 0 ? "" : `, tags: ${tags.join(", ")}`;
  return `${description} (${type}, written ${written}${words})\n\n${body}`;
}
