import { expect, test } from "vitest";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Knowledge, KnowledgePage } from "../knowledge/knowledge.ts";
import { runTool } from "../testing/run-tool.ts";
import { toolSuite } from "../testing/tool-suite.ts";
import { knowledgeTool } from "./knowledge-tool.ts";

/** Pages in memory, with as much of the contract as the tool needs; no search unless asked. */
function pagesInMemory({ searchable = true }: { readonly searchable?: boolean } = {}): Knowledge {
  const pages = new Map<string, KnowledgePage>();
  const list = async (): Promise<readonly KnowledgePage[]> => [...pages.values()];
  return {
    list,
    read: async (slug) => pages.get(slug),
    async write({ slug, description, body, type = "note", tags = [] }) {
      if (slug === "Bad")
        throw new AgentwerkError({ code: "invalid_input", field: "slug", message: "The slug is bad." });
      const page = { slug, description, body, type, tags, timestamp: Date.now() };
      pages.set(slug, page);
      return page;
    },
    remove: async (slug) => pages.delete(slug),
    index: async () => "",
    ...(searchable && {
      search: async (query: string) => (await list()).filter(({ body }) => body.includes(query)),
    }),
  };
}

async function bench(knowledge: Knowledge = pagesInMemory()) {
  await knowledge.write({
    slug: "known",
    description: "What is known",
    body: "word",
    type: "fact",
    tags: ["x"],
  });
  const state = async (): Promise<unknown> =>
    (await knowledge.list()).map(({ timestamp: _time, ...page }) => page);
  return { tool: knowledgeTool(knowledge), state, knowledge };
}

toolSuite({
  name: "knowledge",
  open: () => bench(),
  valid: [
    { action: "list" },
    { action: "read", slug: "known" },
    { action: "search", query: "word" },
    { action: "search", query: "nothing" },
    { action: "write", slug: "new", description: "d", body: "b", tags: ["x"], type: "fact" },
    { action: "write", slug: "known", description: "d", body: "b" },
    { action: "remove", slug: "known" },
  ],
  invalid: [{}, { action: "append" }, { action: "read", slug: 7 }, { action: "list", page: "x" }],
  failing: [
    { action: "read" },
    { action: "read", slug: "nothing" },
    { action: "search" },
    { action: "write", slug: "new" },
    { action: "write", slug: "new", description: "d" },
    { action: "write", slug: "Bad", description: "d", body: "b" },
    { action: "remove" },
  ],
});

test("a page that is written again keeps its time when nothing is new, and type and tags unless given", async () => {
  const { tool, knowledge } = await bench();
  const before = await knowledge.read("known");
  const input = { action: "write", slug: "known", description: "What is known", body: "word\n" };
  expect(await runTool(tool, input)).toBe("Page known already says this.");
  expect(await knowledge.read("known")).toBe(before);
  expect(await runTool(tool, { ...input, body: "other" })).toBe("Replaced page known.");
  expect(await knowledge.read("known")).toMatchObject({ type: "fact", tags: ["x"], body: "other" });
});

test("tells what it wrote and removed, and nothing when nothing changed", async () => {
  const { tool } = await bench();
  const events: unknown[] = [];
  const call = (input: object): Promise<unknown> =>
    runTool(tool, input, { emit: (event) => events.push(event) });
  await call({ action: "write", slug: "new", description: "d", body: "b" });
  await call({ action: "write", slug: "new", description: "d", body: "b" });
  await call({ action: "remove", slug: "new" });
  await call({ action: "remove", slug: "new" });
  await call({ action: "read", slug: "known" });
  expect(events).toEqual([
    { type: "knowledge_written", slug: "new" },
    { type: "knowledge_removed", slug: "new" },
  ]);
});

test("answers are lines that can be read", async () => {
  const { tool } = await bench();
  expect(await runTool(tool, { action: "list" })).toBe("known (fact): What is known [x]");
  expect(await runTool(tool, { action: "read", slug: "known" })).toMatch(
    /^What is known \(fact, written \d{4}-\d\d-\d\d, tags: x\)\n\nword$/,
  );
});

test("pages that cannot be searched say so", async () => {
  const { tool } = await bench(pagesInMemory({ searchable: false }));
  expect(await runTool(tool, { action: "search", query: "word" })).toMatchObject({
    kind: "error",
    message: "These pages cannot be searched; list them instead.",
  });
});
