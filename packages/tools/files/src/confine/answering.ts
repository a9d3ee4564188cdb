import { type ToolContext, type ToolReturn, toolError } from "@agentwerk/core";
import { describeError } from "./describe-error.ts";
import { FileProblem } from "./file-problem.ts";

/** Runs a tool's work, and tells the model of what is wrong with its files. Anything else stays an error. */
export async function answering(
  { path, context }: { readonly path: string; readonly context: ToolContext },
  work: () => Promise<ToolReturn>,
): Promise<ToolReturn> {
  try {
    context.signal.throwIfAborted();
    return await work();
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof FileProblem) return toolError(error.message);
    const described = describeError(error, path);
    if (described === undefined) throw error;
    return toolError(described);
  }
}
