import type { CallToolResult, InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";

/** A tool that the conformance suite expects by name. */
export interface FixtureTool {
  readonly name: string;
  readonly inputSchema?: { type: "object"; [key: string]: unknown };
  run(
    args: Readonly<Record<string, unknown>>,
    context: ServerContext,
  ): CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;
}

export function text(value: string): CallToolResult {
  return { content: [{ type: "text", text: value }] };
}

export function objectOf(properties: Readonly<Record<string, unknown>>): {
  type: "object";
  [key: string]: unknown;
} {
  return { type: "object", properties, required: Object.keys(properties) };
}

/** A PNG of one pixel. */
export const image = {
  type: "image" as const,
  mimeType: "image/png",
  data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
};

/** A WAV file of one sample. */
export const audio = {
  type: "audio" as const,
  mimeType: "audio/wav",
  data: "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=",
};
