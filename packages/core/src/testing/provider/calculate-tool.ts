import type { ToolDefinition } from "../../provider/provider.ts";

/** The tool that the suite offers to models. */
export const calculateTool: ToolDefinition = {
  name: "calculate",
  description: "Calculates an arithmetic expression.",
  inputSchema: {
    type: "object",
    properties: { expression: { type: "string" }, digits: { type: "integer" } },
    required: ["expression"],
  },
};
