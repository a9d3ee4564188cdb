import { setTimeout as sleep } from "node:timers/promises";
import type { ServerEventBus } from "@modelcontextprotocol/server";
import { audio, type FixtureTool, image, text } from "./fixture-tool.ts";

/** Tools that answer with each kind of content, with progress, logs, errors, and changes for subscriptions. */
export function contentTools(bus: ServerEventBus): readonly FixtureTool[] {
  return [
    { name: "test_simple_text", run: () => text("This is a simple text response for testing.") },
    { name: "test_image_content", run: () => ({ content: [image] }) },
    { name: "test_audio_content", run: () => ({ content: [audio] }) },
    {
      name: "test_embedded_resource",
      run: () => ({
        content: [
          {
            type: "resource",
            resource: {
              uri: "test://embedded-resource",
              mimeType: "text/plain",
              text: "This is an embedded resource content.",
            },
          },
        ],
      }),
    },
    {
      name: "test_multiple_content_types",
      run: () => ({
        content: [
          { type: "text", text: "Multiple content types test:" },
          image,
          {
            type: "resource",
            resource: {
              uri: "test://mixed-content-resource",
              mimeType: "application/json",
              text: JSON.stringify({ test: "data", value: 123 }),
            },
          },
        ],
      }),
    },
    {
      name: "test_tool_with_logging",
      async run(_, { mcpReq }) {
        for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
          await mcpReq.notify({ method: "notifications/message", params: { level: "info", data } });
          await sleep(50);
        }
        return text("Logged.");
      },
    },
    {
      name: "test_logging_tool",
      async run(_, { mcpReq }) {
        await mcpReq.log("info", "Told only when the request names a level.");
        return text("Logged.");
      },
    },
    {
      name: "test_tool_with_progress",
      async run(_, { mcpReq }) {
        const progressToken = mcpReq._meta?.progressToken;
        if (progressToken === undefined) return text("No progress token.");
        for (const progress of [0, 50, 100]) {
          await mcpReq.notify({
            method: "notifications/progress",
            params: { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` },
          });
          await sleep(50);
        }
        return text(String(progressToken));
      },
    },
    {
      name: "test_error_handling",
      run: () => ({ ...text("This tool intentionally returns an error for testing"), isError: true }),
    },
    { name: "test_streaming_elicitation", run: () => text("The stream holds no request.") },
    {
      name: "test_trigger_tool_change",
      run() {
        bus.publish({ kind: "tools_list_changed" });
        return text("Published.");
      },
    },
    {
      name: "test_trigger_prompt_change",
      run() {
        bus.publish({ kind: "prompts_list_changed" });
        return text("Published.");
      },
    },
    {
      name: "json_schema_2020_12_tool",
      inputSchema: {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        $defs: {
          address: {
            $anchor: "addressDef",
            type: "object",
            properties: { street: { type: "string" }, city: { type: "string" } },
          },
        },
        properties: {
          name: { type: "string" },
          address: { $ref: "#/$defs/address" },
          contactMethod: { type: "string", enum: ["phone", "email"] },
          phone: { type: "string" },
          email: { type: "string" },
        },
        allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
        if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ["phone"] },
        else: { required: ["email"] },
        additionalProperties: false,
      },
      run: (args) => text(JSON.stringify(args)),
    },
  ];
}
