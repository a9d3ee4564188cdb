import { AgentwerkError, type Knowledge, type KnowledgeEntry, type KnowledgePage } from "@agentwerk/core";
import { openDatabase, type Row } from "./database.ts";
import { DatabaseClock } from "./database-clock.ts";
import { openNamespace } from "./open-namespace.ts";
import { type PostgresOptions, type PostgresTarget, resolveOptions } from "./postgres-options.ts";

export interface PostgresKnowledge extends Knowledge {
  /** Frees the connections. A pool that was given stays open. */
  close(): Promise<void>;
}

export interface PostgresKnowledgeOptions extends PostgresOptions {
  /** A text search configuration of the server, such as `english`, for stems of words; `simple` unless given. */
  readonly language?: string | undefined;
}

const mostFound = 10;
const defaultIndexLimit = 4_000;
const fields = "k.slug, k.type, k.description, k.tags, k.written_at";

/** Knowledge in the same database as the tickets, with its full-text search. */
export function postgresKnowledge(
  target: PostgresTarget,
  options: PostgresKnowledgeOptions = {},
): PostgresKnowledge {
  const { language = "simple", ...rest } = options;
  const resolved = resolveOptions(target, rest);
  if (!/^[a-z_]+$/.test(language))
    throw refuse("language", "has to name a text search configuration, such as english.");
  const database = openDatabase(resolved);
  let opening: Promise<number> | undefined;
  const query = async (sql: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    opening ??= openNamespace(database, resolved, new DatabaseClock()).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    const namespace = await opening;
    return database.persist(() =>
      database.query(sql.replaceAll("{s}", database.schema), [namespace, ...values]),
    );
  };
  const list = async (): Promise<readonly KnowledgeEntry[]> =>
    (await query(`SELECT ${fields} FROM {s}.knowledge k WHERE k.namespace = $1 ORDER BY k.slug`, [])).map(
      toEntry,
    );

  return {
    list,
    async read(slug) {
      if (!isSlug(slug)) return undefined;
      const [row] = await query(
        `SELECT ${fields}, k.body FROM {s}.knowledge k WHERE k.namespace = $1 AND k.slug = $2`,
        [slug],
      );
      return row === undefined ? undefined : { ...toEntry(row), body: String(row.body) };
    },
    async write({ slug, type = "note", description, tags = [], body }) {
      if (!isSlug(slug))
        throw refuse(
          "slug",
          `is ${JSON.stringify(slug)}; give lower-case letters, digits and -, at most 64.`,
        );
      const line = description.replaceAll(/\s+/g, " ").trim();
      if (line === "") throw refuse("description", "is empty; say in one line what the page is about.");
      const page = { slug, type, description: line, tags, body };
      for (const [field, text] of Object.entries(page)) {
        if (String(text).includes("\u0000"))
          throw refuse(field, "contains the character 0, which PostgreSQL cannot hold.");
      }
      const [row] = await query(
        `INSERT INTO {s}.knowledge AS k (namespace, slug, type, description, tags, written_at, body, words)
         VALUES ($1, $2, $3, $4, $5::text[], {s}.moment(), $6,
           setweight(to_tsvector('${language}', replace($2, '-', ' ') || ' ' || $4), 'A')
           || setweight(to_tsvector('${language}', array_to_string($5::text[], ' ')), 'B')
           || to_tsvector('${language}', left($6, 500000)))
         ON CONFLICT (namespace, slug) DO UPDATE SET type = excluded.type, description = excluded.description,
           tags = excluded.tags, written_at = excluded.written_at, body = excluded.body, words = excluded.words
         RETURNING ${fields}`,
        [slug, type, line, tags, body],
      );
      if (row === undefined) throw refuse("slug", "was not stored.");
      return { ...toEntry(row), body } satisfies KnowledgePage;
    },
    async remove(slug) {
      if (!isSlug(slug)) return false;
      const rows = await query(
        "DELETE FROM {s}.knowledge k WHERE k.namespace = $1 AND k.slug = $2 RETURNING 1",
        [slug],
      );
      return rows.length > 0;
    },
    async clear() {
      return (await query("DELETE FROM {s}.knowledge k WHERE k.namespace = $1 RETURNING 1", [])).length;
    },
    async search(text, { limit = mostFound } = {}) {
      const rows = await query(
        `SELECT ${fields} FROM {s}.knowledge k, websearch_to_tsquery('${language}', $2) AS q
         WHERE k.namespace = $1 AND k.words @@ q ORDER BY ts_rank_cd(k.words, q) DESC, k.slug LIMIT $3`,
        [text.replaceAll("\u0000", " "), limit],
      );
      return rows.map(toEntry);
    },
    async index(limit = defaultIndexLimit) {
      return toIndex(await list(), limit);
    },
    close: () => database.close(),
  };
}

/** One line a page; what does not fit is left out, and the last line says how many. */
function toIndex(entries: readonly KnowledgeEntry[], limit: number): string {
  const lines = entries.map(({ slug, description }) => `- ${slug}: ${description}`);
  const whole = lines.join("\n");
  if (whole.length <= limit) return whole;
  for (let shown = lines.length - 1; shown > 0; shown--) {
    const text = [...lines.slice(0, shown), `(${lines.length - shown} more pages; list or search them)`].join(
      "\n",
    );
    if (text.length <= limit) return text;
  }
  return `(${lines.length} pages; list or search them)`.slice(0, Math.max(0, limit));
}

function toEntry(row: Row): KnowledgeEntry {
  return {
    slug: String(row.slug),
    type: String(row.type),
    description: String(row.description),
    tags: Array.isArray(row.tags) ? row.tags.map(String) : [],
    timestamp: Number(row.written_at),
  };
}

function isSlug(slug: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(slug) && /[a-z0-9]/.test(slug);
}

function refuse(field: string, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}` });
}
