import { defineTool, type Tool, toolError } from "@agentwerk/core";
import { z } from "zod";
import { prompts } from "../prompts.ts";
import { evaluateExpression, longestExpression } from "./evaluate-expression.ts";
import { ExpressionError } from "./expression-error.ts";

/** The tool by which models compute: exact whole numbers of any size that matters here. */
export function calculateTool(): Tool {
  return defineTool({
    name: "calculate",
    description: prompts.calculate,
    input: z.object({
      expression: z
        .string()
        .max(longestExpression)
        .describe("For example (83333*83334*166667)/6. Digits without separators."),
    }),
    readOnly: true,
    run({ expression }) {
      try {
        return evaluateExpression(expression).toString();
      } catch (error) {
        if (error instanceof ExpressionError) return toolError(error.message);
        throw error;
      }
    },
  });
}
