import { defineTool, type Tool, textBlock, toolContent } from "@agentwerk/core";
import * as z from "zod";
import { callServer } from "../calls/call-server.ts";
import { cleanLine } from "./clean-text.ts";
import { limitText, mapBlock } from "./map-content.ts";
import type { ServerToolOptions } from "./resource-tools.ts";

/** Messages of one prompt. */
const mostMessages = 100;

const promptPage = z.looseObject({
  prompts: z.array(
    z.looseObject({
      name: z.string(),
      title: z.string().optional().catch(undefined),
      description: z.string().optional().catch(undefined),
      arguments: z
        .array(
          z.looseObject({
            name: z.string(),
            description: z.string().optional().catch(undefined),
            required: z.boolean().optional().catch(undefined),
          }),
        )
        .optional()
        .catch(undefined),
    }),
  ),
  nextCursor: z.string().optional(),
});

/** Two tools for all prompts of a server. */
export function promptTools(options: ServerToolOptions): readonly Tool[] {
  return [listPrompts(options), getPrompt(options)];
}

function listPrompts({ settings, toName }: ServerToolOptions): Tool {
  return defineTool({
    name: toName("list_prompts"),
    description: `Lists the prompts of the MCP server ${settings.server}: texts for recurring work, with their arguments. A long list comes in pages: pass the cursor that the answer names.`,
    input: {
      type: "object",
      properties: { cursor: { type: "string", description: "From the page before." } },
      additionalProperties: false,
    },
    readOnly: true,
    timeout: settings.maxTimeMs,
    run: (input, context) => {
      const params = input as { readonly cursor?: string };
      return callServer(settings, {
        context,
        repeatable: true,
        send: (client, _answers, request) =>
          client.request({ method: "prompts/list", params: { ...params } }, promptPage, request),
        toReturn: ({ prompts, nextCursor }) => ({
          prompts: prompts.map((prompt) => ({
            name: cleanLine(prompt.name, 200),
            description: cleanLine(prompt.description ?? prompt.title ?? "", 500),
            arguments: (prompt.arguments ?? []).map(({ name, description, required }) => ({
              name: cleanLine(name, 200),
              description: cleanLine(description ?? "", 500),
              required: required === true,
            })),
          })),
          ...(nextCursor !== undefined && { cursor: nextCursor }),
        }),
      });
    },
  });
}

function getPrompt({ settings, toName, maxOutput }: ServerToolOptions): Tool {
  return defineTool({
    name: toName("get_prompt"),
    description: `Gives the text of a prompt of the MCP server ${settings.server}, filled in with arguments. ${toName("list_prompts")} says which there are.`,
    input: {
      type: "object",
      properties: {
        name: { type: "string", minLength: 1, maxLength: 500 },
        arguments: { type: "object", additionalProperties: { type: "string" } },
      },
      required: ["name"],
      additionalProperties: false,
    },
    readOnly: true,
    timeout: settings.maxTimeMs,
    run: (input, context) => {
      const { name, arguments: given = {} } = input as {
        readonly name: string;
        readonly arguments?: Readonly<Record<string, string>>;
      };
      return callServer(settings, {
        context,
        repeatable: true,
        send: (client, answers, request) =>
          client.request(
            { method: "prompts/get", params: { name, arguments: { ...given }, ...answers } },
            request,
          ),
        toReturn: ({ messages }) =>
          toolContent(
            limitText(
              messages
                .slice(0, mostMessages)
                .flatMap(({ role, content }) => [
                  textBlock(`[${role}]`),
                  mapBlock(content, { accepts: context.accepts, maxOutput }),
                ]),
              maxOutput,
            ),
          ),
      });
    },
  });
}
