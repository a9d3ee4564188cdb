import type { Tool } from "@agentwerk/core";
import type { ReadPages } from "./read-pages.ts";

/** The same tool, whose answers are noted: what a ticket has just read is not yet in its stored conversation. */
export function recordedFetch(tool: Tool, pages: ReadPages): Tool {
  return {
    ...tool,
    async run(input, context) {
      const answer = await tool.run(input, context);
      const url = typeof input === "object" && input !== null && "url" in input ? String(input.url) : "";
      if (typeof answer === "string") pages.note(url, answer);
      return answer;
    },
  };
}
