import {
  acceptedContent,
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  type Prompt,
  type PromptMessage,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { image } from "./fixture-tool.ts";

const argument = (name: string) => ({ name, description: `The suite gives ${name}.`, required: true });

export const fixturePrompts: readonly Prompt[] = [
  { description: "The suite gets it.", name: "test_simple_prompt" },
  {
    description: "The suite gets it.",
    name: "test_prompt_with_arguments",
    arguments: [argument("arg1"), argument("arg2")],
  },
  {
    description: "The suite gets it.",
    name: "test_prompt_with_embedded_resource",
    arguments: [argument("resourceUri")],
  },
  { description: "The suite gets it.", name: "test_prompt_with_image" },
  { description: "The suite gets it.", name: "test_input_required_result_prompt" },
];

export function getFixture(
  name: string,
  args: Readonly<Record<string, string>>,
  { mcpReq }: ServerContext,
): GetPromptResult | InputRequiredResult {
  switch (name) {
    case "test_simple_prompt":
      return { messages: [say("This is a simple prompt for testing.")] };
    case "test_prompt_with_arguments":
      return { messages: [say(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)] };
    case "test_prompt_with_embedded_resource": {
      const resource = {
        uri: args.resourceUri ?? "",
        mimeType: "text/plain",
        text: "Embedded resource content.",
      };
      return {
        messages: [
          { role: "user", content: { type: "resource", resource } },
          say("Please process the resource."),
        ],
      };
    }
    case "test_prompt_with_image":
      return { messages: [{ role: "user", content: image }, say("Please analyse the image.")] };
    case "test_input_required_result_prompt": {
      const answer = acceptedContent(
        mcpReq.inputResponses,
        "user_context",
        z.object({ context: z.string() }),
      );
      if (answer !== undefined) return { messages: [say(`Use the following context: ${answer.context}`)] };
      const requestedSchema = {
        type: "object" as const,
        properties: { context: { type: "string" as const } },
        required: ["context"],
      };
      return inputRequired({
        inputRequests: { user_context: inputRequired.elicit({ message: "Which context?", requestedSchema }) },
      });
    }
    default:
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${name}.`);
  }
}

function say(text: string): PromptMessage {
  return { role: "user", content: { type: "text", text } };
}
