import { type Client, type RequestOptions, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import * as z from "zod";
import { type QuarantinedTool, readTool, type ServerTool } from "./read-tool.ts";

export interface ToolList {
  readonly tools: readonly ServerTool[];
  readonly quarantined: readonly QuarantinedTool[];
}

/** A list without an end is a fault of the server. */
const mostPages = 50;
/** More than any model can choose from. */
const mostTools = 1_000;

/** Only the frame: one entry that is wrong must not take the others with it. */
const page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

/** All tools of a server, page by page. Of two of one name the first stays. */
export async function listTools(
  client: Client,
  { checksHeaders, request }: { readonly checksHeaders: boolean; readonly request: RequestOptions },
): Promise<ToolList> {
  if (client.getServerCapabilities()?.tools === undefined) return { tools: [], quarantined: [] };
  const tools = new Map<string, ServerTool>();
  const quarantined: QuarantinedTool[] = [];
  for await (const value of entries(client, request)) {
    const read = readTool(value, { checksHeaders });
    if (!read.ok) quarantined.push(read.quarantined);
    else if (tools.has(read.tool.name)) {
      quarantined.push({
        tool: read.tool.name,
        reason: "duplicate",
        message: "the server lists the name twice",
      });
    } else tools.set(read.tool.name, read.tool);
    if (tools.size + quarantined.length >= mostTools) {
      quarantined.push({
        tool: "(further tools)",
        reason: "invalid",
        message: `there are over ${mostTools}`,
      });
      break;
    }
  }
  return { tools: [...tools.values()], quarantined };
}

async function* entries(client: Client, request: RequestOptions): AsyncGenerator<unknown> {
  // All pages together have the time of one request: a server that dribbles them would hold up the turn for an hour.
  const { timeout = Number.POSITIVE_INFINITY } = request;
  const end = performance.now() + timeout;
  let cursor: string | undefined;
  for (let number = 0; number < mostPages; number++) {
    const params = cursor === undefined ? {} : { cursor };
    const left = Math.max(1, Math.ceil(Math.min(timeout, end - performance.now())));
    const { tools, nextCursor } = await client.request({ method: "tools/list", params }, page, {
      ...request,
      ...(Number.isFinite(left) && { timeout: left }),
    });
    yield* tools;
    if (nextCursor === undefined || nextCursor === cursor) return;
    cursor = nextCursor;
  }
  throw new SdkError(
    SdkErrorCode.ListPaginationExceeded,
    `Its list of tools has more than ${mostPages} pages`,
  );
}
