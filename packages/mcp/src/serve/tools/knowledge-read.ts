import { AgentwerkError } from "@agentwerk/core";
import { z } from "zod";
import { pageText } from "../tickets/page-text.ts";
import { knowledgeOf } from "./knowledge-search.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";

export const knowledgeRead: ServedTool = defineServedTool({
  name: "knowledge_read",
  title: "Read a page of knowledge",
  profile: "read",
  ofKnowledge: true,
  description: "Reads a page that knowledge_search named.",
  input: z.strictObject({ slug: z.string(), cursor: z.string().optional() }),
  output: z.object({
    slug: z.string(),
    description: z.string(),
    body: z.string().describe("Markdown."),
    next_cursor: z.string().optional(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ slug, cursor }, call) {
    const page = await knowledgeOf(call).read(slug);
    if (page === undefined) {
      const message = `There is no page ${JSON.stringify(slug)}; knowledge_search lists them.`;
      throw new AgentwerkError({ code: "not_found", field: "slug", message });
    }
    const { text, next } = pageText(page.body, cursor);
    return {
      text: next === undefined ? text : `${text}\n… more with cursor "${next}".`,
      data: {
        slug,
        description: page.description,
        body: text,
        ...(next !== undefined && { next_cursor: next }),
      },
    };
  },
});
