import { defineTool, type Tool, type ToolReturn } from "@agentwerk/core";
import type { Client, RequestOptions } from "@modelcontextprotocol/client";
import { type CallSettings, callServer } from "../calls/call-server.ts";
import { hidesText } from "./clean-text.ts";

/** What the tools of ours about one server have in common. */
export interface ServerToolOptions {
  readonly settings: CallSettings;
  /** The name for models of a tool of ours about this server. */
  readonly toName: (tool: string) => string;
  readonly maxOutput: number;
}

/** A model has to hand it back letter by letter. */
const longestCursor = 2_000;

interface Page {
  readonly nextCursor?: string | undefined;
}

/** A tool by which a model reads a list of a server, page by page. */
export function listTool<Read extends Page>(
  { settings, toName }: ServerToolOptions,
  list: {
    readonly name: string;
    readonly description: string;
    read(client: Client, params: { readonly cursor?: string }, request: RequestOptions): Promise<Read>;
    toItems(page: Read): Readonly<Record<string, ToolReturn & object>>;
  },
): Tool {
  return defineTool({
    name: toName(list.name),
    description: `${list.description} A long list comes in pages: pass the cursor that the answer names.`,
    input: {
      type: "object",
      properties: {
        cursor: { type: "string", description: "From the page before.", maxLength: longestCursor },
      },
      additionalProperties: false,
    },
    readOnly: true,
    timeout: settings.maxTimeMs,
    run: (input, context) => {
      const { cursor } = input as { readonly cursor?: string };
      return callServer(settings, {
        context,
        repeatable: true,
        send: (client, _answers, request) =>
          list.read(client, cursor === undefined ? {} : { cursor }, request),
        toReturn: (page) => ({ ...list.toItems(page), ...describeNext(page, cursor) }),
      });
    },
  });
}

function describeNext({ nextCursor }: Page, cursor: string | undefined): { cursor?: string; note?: string } {
  if (nextCursor === undefined) return {};
  if (nextCursor === cursor || nextCursor.length > longestCursor || hidesText(nextCursor))
    return { note: "There is more, behind a cursor that cannot be used: the list ends here." };
  return { cursor: nextCursor };
}
