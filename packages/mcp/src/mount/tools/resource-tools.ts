import { defineTool, type Tool, type ToolReturn, toolContent, toolError } from "@agentwerk/core";
import type { Client, RequestOptions } from "@modelcontextprotocol/client";
import * as z from "zod";
import { callServer } from "../calls/call-server.ts";
import { cleanLine } from "./clean-text.ts";
import { listTool, type ServerToolOptions } from "./list-tool.ts";
import { limitBlocks, limitText, mapResource } from "./map-content.ts";

const mostTemplatePages = 10;

const resource = z.looseObject({
  uri: z.string(),
  name: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  mimeType: z.string().optional().catch(undefined),
});
const template = resource.omit({ uri: true }).extend({ uriTemplate: z.string() });
const cursor = z.string().optional();
const resourcePage = z.looseObject({ resources: z.array(resource), nextCursor: cursor });
const templatePage = z.looseObject({ resourceTemplates: z.array(template), nextCursor: cursor });
const contents = z.looseObject({
  contents: z.array(
    z.union([
      z.looseObject({ uri: z.string(), mimeType: z.string().optional(), text: z.string() }),
      z.looseObject({ uri: z.string(), mimeType: z.string().optional(), blob: z.string() }),
    ]),
  ),
});

/** Two tools for all resources of a server. They read, which is what the protocol's requests behind them do. */
export function resourceTools(options: ServerToolOptions): readonly Tool[] {
  return [listResources(options), readResource(options)];
}

function listResources(options: ServerToolOptions): Tool {
  return listTool(options, {
    name: "list_resources",
    description: `Lists the resources of the MCP server ${options.settings.server}, and the templates by which further ones are addressed.`,
    read: async (client, params, request) => {
      const listed = await client.request(
        { method: "resources/list", params: { ...params } },
        resourcePage,
        request,
      );
      const templates = params.cursor === undefined ? await listTemplates(client, request) : [];
      return { ...listed, templates };
    },
    toItems: ({ resources, templates }) => ({
      resources: resources.map(({ uri, ...rest }) => ({ uri: cleanLine(uri, 2_000), ...describe(rest) })),
      ...(templates.length > 0 && {
        templates: templates.map(({ uriTemplate, ...rest }) => ({
          uriTemplate: cleanLine(uriTemplate, 2_000),
          ...describe(rest),
        })),
      }),
    }),
  });
}

/** All pages of them, within reason. Servers without templates may not know the request. */
async function listTemplates(
  client: Client,
  request: RequestOptions,
): Promise<readonly z.infer<typeof template>[]> {
  const templates: z.infer<typeof template>[] = [];
  let cursor: string | undefined;
  try {
    for (let number = 0; number < mostTemplatePages; number++) {
      const params = cursor === undefined ? {} : { cursor };
      const listed = await client.request(
        { method: "resources/templates/list", params },
        templatePage,
        request,
      );
      templates.push(...listed.resourceTemplates);
      if (listed.nextCursor === undefined || listed.nextCursor === cursor) break;
      cursor = listed.nextCursor;
    }
  } catch {
    request.signal?.throwIfAborted();
  }
  return templates;
}

function readResource({ settings, toName, maxOutput }: ServerToolOptions): Tool {
  return defineTool({
    name: toName("read_resource"),
    description: `Reads a resource of the MCP server ${settings.server} by its URI, from ${toName("list_resources")}, from a template filled in, or from a link in another result.`,
    input: {
      type: "object",
      properties: { uri: { type: "string", minLength: 1, maxLength: 4_000 } },
      required: ["uri"],
      additionalProperties: false,
    },
    readOnly: true,
    timeout: settings.maxTimeMs,
    run: (input, context) => {
      const { uri } = input as { readonly uri: string };
      return callServer(settings, {
        context,
        repeatable: true,
        send: (client, answers, request) =>
          client.request({ method: "resources/read", params: { uri, ...answers } }, contents, request),
        toReturn: (result): ToolReturn => {
          const blocks = limitBlocks(result.contents, (content) =>
            mapResource(content, { accepts: context.accepts, maxOutput }),
          );
          if (blocks.length === 0) return toolError(`${uri} holds nothing.`);
          return toolContent(limitText(blocks, maxOutput));
        },
      });
    },
  });
}

function describe(facts: {
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
}): Readonly<Record<string, string>> {
  const { name, title, description, mimeType } = facts;
  const told = { name: title ?? name, mimeType, description };
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) =>
      value === undefined || value === "" ? [] : [[key, cleanLine(value, 500)] as const],
    ),
  );
}
