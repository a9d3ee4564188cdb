import type { Template } from "../template.ts";

export const knowledgeTemplate: Template = {
  description: "A knowledge backend for agentwerk, kept in one JSON file",
  keywords: ["knowledge"],
  usage: ({ packageName, camel }) => `import { defineConfig } from "agentwerk";
import { ${camel}Knowledge } from "${packageName}";

export default defineConfig({
  knowledge: ${camel}Knowledge({ file: "./knowledge.json" }),
});`,
  files: ({ slug, camel, packageName }) => ({
    "src/index.ts": `import { definePlugin, type Plugin } from "@agentwerk/core";
import { ${camel}Knowledge } from "./${slug}-knowledge.ts";

export { ${camel}Knowledge, type ${pascal(camel)}KnowledgeOptions } from "./${slug}-knowledge.ts";

/** Gives agents that bring no knowledge of their own the pages of \`file\`. */
export function plugin({ file = "knowledge.json" }: { readonly file?: string } = {}): Plugin {
  return definePlugin({ name: "${packageName}", knowledge: ${camel}Knowledge({ file }) });
}
`,
    [`src/${slug}-knowledge.ts`]: `import type { Knowledge, KnowledgeEntry, KnowledgePage } from "@agentwerk/core";
import { checkDraft, isSlug } from "./check-draft.ts";
import { formatIndex } from "./format-index.ts";
import { pageFile } from "./page-file.ts";

export interface ${pascal(camel)}KnowledgeOptions {
  /** Holds all pages; made at the first write. One process at a time. */
  readonly file: string;
}

/** Pages in one file: right for hundreds of them and one writing process. */
export function ${camel}Knowledge({ file }: ${pascal(camel)}KnowledgeOptions): Knowledge {
  const pages = pageFile(file);
  const list = async (): Promise<readonly KnowledgeEntry[]> => (await pages.read()).map(withoutBody);
  return {
    list,
    async read(slug) {
      return (await pages.read()).find((page) => page.slug === slug);
    },
    async write(draft) {
      const page: KnowledgePage = { ...checkDraft(draft), timestamp: Date.now() };
      await pages.change((all) => [...all.filter(({ slug }) => slug !== page.slug), page]);
      return page;
    },
    async remove(slug) {
      if (!isSlug(slug)) return false;
      let removed = false;
      await pages.change((all) => {
        removed = all.some((page) => page.slug === slug);
        return all.filter((page) => page.slug !== slug);
      });
      return removed;
    },
    async search(query, { limit = 10 } = {}) {
      const words = query.toLowerCase().match(/[\\p{L}\\p{N}]+/gu) ?? [];
      const scored = (await pages.read()).map((page) => ({ page, score: scoreOf(page, words) }));
      const found = scored.filter(({ score }) => score > 0).sort((left, right) => right.score - left.score);
      return found.slice(0, limit).map(({ page }) => withoutBody(page));
    },
    async index(limit) {
      return formatIndex(await list(), limit);
    },
  };
}

function withoutBody({ body: _body, ...entry }: KnowledgePage): KnowledgeEntry {
  return entry;
}

/** A word in slug, description or tags weighs more than one in the text. */
function scoreOf({ slug, description, tags, body }: KnowledgePage, words: readonly string[]): number {
  const head = [slug, description, ...tags].join(" ").toLowerCase();
  const text = body.toLowerCase();
  return words.reduce((sum, word) => sum + (head.includes(word) ? 5 : 0) + (text.includes(word) ? 1 : 0), 0);
}
`,
    "src/check-draft.ts": `import { AgentwerkError, type KnowledgeDraft, type KnowledgePage } from "@agentwerk/core";

export function isSlug(text: string): boolean {
  return text.length <= 64 && /^[a-z0-9][a-z0-9-]*$/.test(text) && !text.includes("\\n");
}

/** @throws AgentwerkError \`invalid_input\` naming the field. */
export function checkDraft({ slug, type = "note", description, tags = [], body }: KnowledgeDraft): Omit<KnowledgePage, "timestamp"> {
  if (!isSlug(slug)) refuse("slug", "has to be 1 to 64 lower-case letters, digits and -");
  const line = description.replaceAll(/\\s+/g, " ").trim();
  if (line === "") refuse("description", "is empty; say in a line what the page tells");
  return { slug, type, description: line, tags, body };
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: \`\${field} \${problem}.\` });
}
`,
    "src/format-index.ts": `import type { KnowledgeEntry } from "@agentwerk/core";

/** A line a page, within \`limit\` characters; the last line says how many pages are left out. */
export function formatIndex(entries: readonly KnowledgeEntry[], limit = 4_000): string {
  const lines = entries.map(({ slug, description }) => \`\${slug}: \${description}\`);
  for (let shown = lines.length; shown >= 0; shown--) {
    const left = lines.length - shown;
    const note = left === 0 ? [] : [\`… and \${left} more pages\`];
    const text = [...lines.slice(0, shown), ...note].join("\\n");
    if (text.length <= limit) return text;
  }
  return "";
}
`,
    "src/page-file.ts": `import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type KnowledgePage, makeFolder } from "@agentwerk/core";

export interface PageFile {
  /** By slug. */
  read(): Promise<readonly KnowledgePage[]>;
  /** One change after the other; the file is replaced whole. */
  change(edit: (pages: readonly KnowledgePage[]) => readonly KnowledgePage[]): Promise<void>;
}

export function pageFile(file: string): PageFile {
  let changing: Promise<void> = Promise.resolve();
  const read = async (): Promise<readonly KnowledgePage[]> => {
    try {
      return JSON.parse(await readFile(file, "utf8")) as readonly KnowledgePage[];
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  };
  return {
    async read() {
      await changing.catch(() => {});
      return read();
    },
    change(edit) {
      changing = changing
        .catch(() => {})
        .then(async () => {
          const pages = [...edit(await read())].sort((left, right) => (left.slug < right.slug ? -1 : 1));
          await makeFolder(dirname(file));
          await writeFile(\`\${file}.new\`, JSON.stringify(pages, undefined, 2));
          await rename(\`\${file}.new\`, file);
        });
      return changing;
    },
  };
}
`,
    [`src/${slug}-knowledge.test.ts`]: `import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knowledgeSuite } from "@agentwerk/core/testing";
import { afterAll, beforeAll } from "vitest";
import { ${camel}Knowledge } from "./${slug}-knowledge.ts";

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "${slug}-"));
});

afterAll(() => rm(folder, { recursive: true }));

knowledgeSuite({
  name: "${slug}",
  open: async () => ${camel}Knowledge({ file: join(folder, \`\${count++}.json\`) }),
});
`,
  }),
};

function pascal(camel: string): string {
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
