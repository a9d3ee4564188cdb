import {
  assertNever,
  compileSchema,
  formatIssues,
  type JsonValue,
  type ToolContext,
  type ToolReturn,
  textBlock,
  textOf,
  toErrorMessage,
  toolContent,
  toolError,
  type UserContent,
} from "@agentwerk/core";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import { isDeeperThan } from "../../json-depth.ts";
import { canonical } from "./canonical.ts";
import { cleanSchema } from "./clean-schema.ts";
import { cleanLine } from "./clean-text.ts";
import { withoutPatterns } from "./without-patterns.ts";

export interface ContentLimits {
  /** Characters of all text of one result. */
  readonly maxOutput: number;
  /** What the model takes besides text. */
  readonly accepts: ToolContext["accepts"];
}

/** Base64 characters of one image or document: about 7 MB, more than any vendor takes. */
const largestFile = 10_000_000;
/** Blocks of one result. */
const mostBlocks = 200;
/** Deeper content serves no model, and could exhaust the stack. */
const deepestContent = 100;
const nothing: ReadonlySet<never> = new Set();
const images: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A server's result as content for the model; what it cannot be shown is named. */
export async function mapResult(
  result: CallToolResult,
  options: ContentLimits & { readonly outputSchema?: unknown },
): Promise<ToolReturn> {
  const { resultType = "complete" } = result;
  if (resultType !== "complete") {
    const kind = cleanLine(String(resultType), 100);
    return toolError(
      `The server answered with a result of type ${JSON.stringify(kind)}, which is not known here. What became of the call is not known.`,
    );
  }
  // An error is text alone: what else it holds is named in it.
  const limits = result.isError === true ? { ...options, accepts: nothing } : options;
  const blocks = limitBlocks(result.content, (block) => mapBlock(block, limits));
  if (isDeeperThan(result.structuredContent, deepestContent)) {
    blocks.push(textBlock("[The structured content is nested too deeply, and left out.]"));
    const shown = limitText(blocks, options.maxOutput);
    return result.isError === true ? toolError(textOf(shown)) : toolContent(shown);
  }
  const structured = result.structuredContent as JsonValue | undefined;
  if (structured !== undefined && !isToldAlready(structured, blocks)) {
    blocks.push(textBlock(JSON.stringify(structured)));
  }
  const problem = result.isError === true ? undefined : await findMismatch(structured, options.outputSchema);
  if (problem !== undefined) blocks.push(textBlock(problem));
  const cut = limitText(blocks, options.maxOutput);
  if (result.isError === true) return toolError(textOf(cut) || "The tool failed without saying why.");
  return cut.length === 0 ? "(no output)" : toolContent(cut);
}

/** One block of the protocol's content. */
export function mapBlock(block: ContentBlock, limits: ContentLimits): UserContent {
  switch (block.type) {
    case "text":
      return textBlock(block.text.toWellFormed());
    case "image":
      return mapFile({ data: block.data, mediaType: block.mimeType, name: "image" }, limits);
    case "audio":
      return notShown("audio", block.mimeType, block.data);
    case "resource_link": {
      const size = block.size === undefined ? undefined : `${block.size} bytes`;
      const facts = [block.title ?? block.name, block.mimeType, size, block.description].filter(
        (fact) => fact !== undefined && fact !== "",
      );
      return textBlock(`[resource ${cleanLine(block.uri, 2_000)}: ${cleanLine(facts.join(", "), 1_000)}]`);
    }
    case "resource":
      return mapResource(block.resource, limits);
    default:
      return assertNever(block);
  }
}

type ResourceContent = {
  readonly uri: string;
  readonly mimeType?: string | undefined;
} & ({ readonly text: string } | { readonly blob: string });

/** The contents of a resource, named by its address. */
export function mapResource(resource: ResourceContent, limits: ContentLimits): UserContent {
  const uri = cleanLine(resource.uri, 2_000);
  if ("text" in resource) return textBlock(`[resource ${uri}]\n${resource.text.toWellFormed()}`);
  return mapFile(
    { data: resource.blob, mediaType: resource.mimeType ?? "application/octet-stream", name: uri },
    limits,
  );
}

function mapFile(
  file: { readonly data: string; readonly mediaType: string; readonly name: string },
  { accepts }: ContentLimits,
): UserContent {
  const { data, name } = file;
  const mediaType = file.mediaType.toLowerCase().split(";")[0]?.trim() ?? "";
  const isSound = data.length > 0 && data.length <= largestFile && isBase64(data);
  if (isSound && images.has(mediaType) && accepts.has("image")) return { type: "image", mediaType, data };
  if (isSound && mediaType === "application/pdf" && accepts.has("document")) {
    return { type: "document", mediaType, data, name };
  }
  if (isSound && mediaType.startsWith("text/")) {
    return textBlock(`[${name}]\n${Buffer.from(data, "base64").toString("utf8")}`);
  }
  return notShown(name, mediaType, data);
}

function notShown(name: string, mediaType: string, data: string): UserContent {
  const bytes = Math.floor((data.length * 3) / 4);
  return textBlock(`[${name}: ${cleanLine(mediaType, 100)}, about ${bytes} bytes, not shown]`);
}

/** Without white space first: a pattern that allows for it anywhere takes quadratic time over a run of it. */
function isBase64(data: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(data.replaceAll(/\s+/g, ""));
}

/** Servers put the same JSON into text, for clients that know no structured content. */
function isToldAlready(structured: JsonValue, blocks: readonly UserContent[]): boolean {
  const wanted = canonical(structured);
  return blocks.some((block) => {
    if (block.type !== "text" || !/^\s*[[{"\d\-tfn]/.test(block.text)) return false;
    try {
      return canonical(JSON.parse(block.text) as JsonValue) === wanted;
    } catch {
      return false;
    }
  });
}

async function findMismatch(
  structured: JsonValue | undefined,
  outputSchema: unknown,
): Promise<string | undefined> {
  if (outputSchema === undefined) return undefined;
  if (structured === undefined) return "[The server promised structured content and sent none.]";
  const cleaned = cleanSchema(outputSchema);
  if (!cleaned.ok) return undefined;
  try {
    const parsed = await compileSchema(withoutPatterns(cleaned.schema), "outputSchema").parse(structured);
    return parsed.ok
      ? undefined
      : `[The structured content does not fit the tool's output schema: ${formatIssues(parsed.issues)}]`;
  } catch (error) {
    return `[The structured content could not be checked: ${cleanLine(toErrorMessage(error), 300)}]`;
  }
}

/** The first of a server's blocks as ours, and one line that says how many more there were. */
export function limitBlocks<Block>(
  blocks: readonly Block[],
  toContent: (block: Block) => UserContent,
): UserContent[] {
  const mapped = blocks.slice(0, mostBlocks).map(toContent);
  if (blocks.length > mostBlocks)
    mapped.push(textBlock(`[${blocks.length - mostBlocks} further blocks left out]`));
  return mapped;
}

/** Text up to the limit over all blocks, and one line that says how much more there was. */
export function limitText(blocks: readonly UserContent[], maxOutput: number): readonly UserContent[] {
  const kept: UserContent[] = [];
  let left = maxOutput;
  let cut = 0;
  for (const block of blocks) {
    if (block.type !== "text" || block.text.length <= left) kept.push(block);
    else if (left > 0) kept.push(textBlock(block.text.slice(0, left).toWellFormed()));
    if (block.type !== "text") continue;
    cut += Math.max(0, block.text.length - left);
    left = Math.max(0, left - block.text.length);
  }
  if (cut === 0) return kept;
  return [...kept, textBlock(`[${cut} characters left out: over the limit of ${maxOutput}]`)];
}
