import { defineTool, type Tool, textBlock, toolContent } from "@agentwerk/core";
import * as z from "zod";
import { callServer } from "../calls/call-server.ts";
import { cleanLine, cleanText } from "./clean-text.ts";
import { listTool, type ServerToolOptions } from "./list-tool.ts";
import { limitText, mapBlock } from "./map-content.ts";

/** Messages of one prompt. */
const mostMessages = 100;
const longestDescription = 2_000;

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

function listPrompts(options: ServerToolOptions): Tool {
  return listTool(options, {
    name: "list_prompts",
    description: `Lists the prompts of the MCP server ${options.settings.server}: texts for recurring work, with their arguments.`,
    read: (client, params, request) =>
      client.request({ method: "prompts/list", params: { ...params } }, promptPage, request),
    toItems: ({ prompts }) => ({
      prompts: prompts.map((prompt) => ({
        name: cleanLine(prompt.name, 200),
        description: cleanLine(prompt.description ?? prompt.title ?? "", 500),
        arguments: (prompt.arguments ?? []).map(({ name, description, required }) => ({
          name: cleanLine(name, 200),
          description: cleanLine(description ?? "", 500),
          required: required === true,
        })),
      })),
    }),
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
        toReturn: ({ messages, description }) => {
          const told = cleanText(description ?? "", longestDescription);
          const blocks = messages
            .slice(0, mostMessages)
            .flatMap(({ role, content }) => [
              textBlock(`[${role}]`),
              mapBlock(content, { accepts: context.accepts, maxOutput }),
            ]);
          if (told !== "") blocks.unshift(textBlock(told));
          if (messages.length > mostMessages)
            blocks.push(textBlock(`[${messages.length - mostMessages} further messages left out]`));
          return toolContent(limitText(blocks, maxOutput));
        },
      });
    },
  });
}
