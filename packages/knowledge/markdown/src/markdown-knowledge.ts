import { lstat, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Knowledge, KnowledgeEntry, KnowledgePage } from "@agentwerk/core";
import { AgentwerkError, type Clock, systemClock } from "@agentwerk/core";
import { checkDraft, isSlug } from "./check-draft.ts";
import type { FileProblem } from "./file-cache.ts";
import { formatIndex, formatIndexFile } from "./format-index.ts";
import { formatPage, type PageFile } from "./page-file.ts";
import { pageFolder, writeWhole } from "./page-folder.ts";
import { pageSearch } from "./search-pages.ts";

export interface MarkdownKnowledgeOptions {
  /** Holds `index.md` and `pages/`; made at the first write. */
  readonly dir: string;
  /** Told of each page that is skipped, once for each state that its file is in. A process warning unless given. */
  readonly onProblem?: ((problem: FileProblem) => void) | undefined;
  readonly clock?: Clock | undefined;
}

export interface MarkdownKnowledge extends Knowledge {
  /** Absolute. */
  readonly dir: string;
  search(query: string, options?: { readonly limit?: number }): Promise<readonly KnowledgeEntry[]>;
  /** Removes every good page, and answers how many there were. */
  clear(): Promise<number>;
}

const defaultIndexLimit = 4_000;
const defaultSearchLimit = 10;

/**
 * Knowledge as markdown files, one a page, in the Open Knowledge Format. Any number of processes may share the folder,
 * and people may edit it: what is there is read anew at every call.
 */
export function markdownKnowledge(options: MarkdownKnowledgeOptions): MarkdownKnowledge {
  if (typeof options.dir !== "string" || options.dir === "") {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "dir",
      message: 'The dir of markdownKnowledge is missing; name a folder, such as ".agentwerk/knowledge".',
    });
  }
  const { onProblem = warn, clock = systemClock } = options;
  const dir = resolve(options.dir);
  const folder = pageFolder(join(dir, "pages"), onProblem);
  const search = pageSearch();
  const searched = new Map<string, PageFile>();
  let indexing: Promise<void> = Promise.resolve();

  async function entries(): Promise<readonly KnowledgeEntry[]> {
    return [...(await folder.readAll()).values()].map(({ page }) => toEntry(page));
  }

  /**
   * Writes `index.md` anew until it says what the folder holds. Every writer does this after its page is in place, so
   * whoever writes the index last has seen every page; no lock is needed that a killed process could leave behind.
   */
  async function writeIndex(): Promise<void> {
    const path = join(dir, "index.md");
    for (;;) {
      const content = formatIndexFile(await entries());
      if ((await readIndex(path)) === content) return;
      await writeWhole(dir, "index.md", content);
    }
  }

  /** Writers of this process take turns. */
  function updateIndex(): Promise<void> {
    indexing = indexing.then(writeIndex, writeIndex);
    return indexing;
  }

  return {
    dir,
    list: entries,
    async read(slug) {
      return isSlug(slug) ? (await folder.read(slug))?.page : undefined;
    },
    async write(draft) {
      const checked = checkDraft(draft);
      const page: KnowledgePage = { ...checked, timestamp: clock.now() };
      const head = (await folder.read(page.slug))?.head ?? "";
      await folder.write(page.slug, formatPage(page, head));
      await updateIndex();
      return page;
    },
    async remove(slug) {
      if (!isSlug(slug) || !(await folder.remove(slug))) return false;
      await updateIndex();
      return true;
    },
    async search(query, { limit = defaultSearchLimit } = {}) {
      const files = await folder.readAll();
      for (const slug of [...searched.keys()]) {
        if (files.has(slug)) continue;
        searched.delete(slug);
        search.remove(slug);
      }
      for (const [slug, file] of files) {
        if (searched.get(slug) === file) continue;
        searched.set(slug, file);
        search.put(file.page);
      }
      return search.find(query, limit).flatMap((slug) => {
        const file = files.get(slug);
        return file === undefined ? [] : [toEntry(file.page)];
      });
    },
    async index(limit = defaultIndexLimit) {
      return formatIndex(await entries(), limit);
    },
    async clear() {
      let removed = 0;
      for (const slug of (await folder.readAll()).keys()) if (await folder.remove(slug)) removed += 1;
      if (removed > 0) await updateIndex();
      return removed;
    },
  };
}

/** Undefined for anything but a file: a pipe would never answer. */
async function readIndex(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

function toEntry({ slug, type, description, tags, timestamp }: KnowledgePage): KnowledgeEntry {
  return { slug, type, description, tags, timestamp };
}

function warn({ message }: FileProblem): void {
  process.emitWarning(message, { code: "AGENTWERK_KNOWLEDGE_PAGE" });
}
