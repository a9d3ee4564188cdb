import type { KnowledgeEntry } from "@agentwerk/core";

const longestLine = 240;

/**
 * One line a page, by slug, within `limit` characters. When not all fit, those written last stay, still by slug, so
 * that the text changes as little as possible.
 */
export function formatIndex(entries: readonly KnowledgeEntry[], limit: number): string {
  const lines = new Map(entries.map((entry) => [entry.slug, toLine(entry)]));
  const whole = [...lines.values()].join("\n");
  if (whole.length <= limit) return whole;
  const kept = new Set<string>();
  let room = limit - leftOut(entries.length).length - 1;
  for (const { slug } of [...entries].sort(
    (one, other) => other.timestamp - one.timestamp || (one.slug < other.slug ? -1 : 1),
  )) {
    const cost = (lines.get(slug)?.length ?? 0) + 1;
    if (cost > room) break;
    room -= cost;
    kept.add(slug);
  }
  const shown = entries.filter(({ slug }) => kept.has(slug)).map(({ slug }) => lines.get(slug));
  return [...shown, leftOut(entries.length - kept.size)].join("\n").slice(0, Math.max(0, limit));
}

/** The bundle's own `index.md`, for people: every page, with links. */
export function formatIndexFile(entries: readonly KnowledgeEntry[]): string {
  const lines = entries.map(
    ({ slug, type, description }) =>
      `* [${slug}](pages/${slug}.md) - ${escapeMarkdown(description)} (${escapeMarkdown(type)})`,
  );
  return `# Pages\n\n${lines.length === 0 ? "None yet." : lines.join("\n")}\n`;
}

function toLine({ slug, type, description, tags }: KnowledgeEntry): string {
  const line = `- ${slug} (${type}): ${description}${tags.length > 0 ? ` [${tags.join(", ")}]` : ""}`;
  return line.length > longestLine ? `${line.slice(0, longestLine - 1).toWellFormed()}…` : line;
}

function leftOut(count: number): string {
  return `(${count} older pages are left out: list or search finds them)`;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>]/g, "\\$&");
}
