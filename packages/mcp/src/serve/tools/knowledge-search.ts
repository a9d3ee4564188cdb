import { AgentwerkError, type Knowledge } from "@agentwerk/core";
import { z } from "zod";
import { defineServedTool, type ServedTool } from "./served-tool.ts";

const entry = z.object({
  slug: z.string(),
  type: z.string(),
  description: z.string(),
  tags: z.array(z.string()).optional(),
});

export const knowledgeSearch: ServedTool = defineServedTool({
  name: "knowledge_search",
  title: "Search what agents learned",
  profile: "read",
  ofKnowledge: true,
  description:
    "Finds pages of knowledge by their words, best first; an empty query lists them. Then knowledge_read.",
  input: z.strictObject({
    query: z.string().max(1_000).default(""),
    limit: z.int().min(1).max(100).default(20),
  }),
  output: z.object({ pages: z.array(entry) }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ query, limit }, call) {
    const knowledge = knowledgeOf(call);
    const found =
      query.trim() === "" || knowledge.search === undefined
        ? (await knowledge.list()).slice(0, limit)
        : await knowledge.search(query, { limit });
    const pages = found.map(({ slug, type, description, tags }) => ({
      slug,
      type,
      description,
      ...(tags.length > 0 && { tags: [...tags] }),
    }));
    const lines = pages.map(({ slug, description }) => `${slug}: ${description}`);
    return { text: lines.length === 0 ? "No page matches." : lines.join("\n"), data: { pages } };
  },
});

export function knowledgeOf({ knowledge }: { readonly knowledge: Knowledge | undefined }): Knowledge {
  if (knowledge !== undefined) return knowledge;
  throw new AgentwerkError({ code: "not_found", message: "This server has no knowledge." });
}
