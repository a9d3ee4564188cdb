import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { escapeHtml } from "@agentwerk/use-cases-shared";
import MiniSearch from "minisearch";
import { type Article, readCorpus, toPlainText } from "./read-corpus.ts";

/** Pages and a search over them, on a free port of the loopback. */
export interface CorpusServer extends AsyncDisposable {
  /** `127.0.0.1:<port>`, as `web_fetch` wants its allowed hosts. */
  readonly host: string;
  readonly url: string;
}

/** What the search answers with, as JSON. */
export interface CorpusHit {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
  readonly age: string;
}

const shownSnippet = 200;

export async function serveCorpus(folder: URL): Promise<CorpusServer> {
  const articles = new Map(readCorpus(folder).map((article) => [article.slug, article]));
  const index = indexArticles([...articles.values()]);
  const server = createServer((request, response) => answer(request, response, { articles, index }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    url: `http://${host}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Served {
  readonly articles: ReadonlyMap<string, Article>;
  readonly index: MiniSearch;
}

function indexArticles(articles: readonly Article[]): MiniSearch {
  const index = new MiniSearch({
    fields: ["title", "text"],
    idField: "slug",
    searchOptions: { boost: { title: 2 }, prefix: (term) => term.length > 3 },
  });
  index.addAll(
    articles.map(({ slug, title, paragraphs }) => ({
      slug,
      title,
      text: toPlainText(paragraphs.join("\n")),
    })),
  );
  return index;
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served): void {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  if (url.pathname === "/search") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(search(url, served)));
    return;
  }
  const article = served.articles.get(url.pathname.slice(1));
  response.writeHead(article === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
  response.end(article === undefined ? "<p>There is no such page.</p>" : toPage(article));
}

function search({ searchParams, origin }: URL, { articles, index }: Served): readonly CorpusHit[] {
  const count = Number(searchParams.get("count") ?? 8);
  const skipped = (Number(searchParams.get("page") ?? 1) - 1) * count;
  const hits = index.search(searchParams.get("q") ?? "").slice(skipped, skipped + count);
  return hits.flatMap(({ id }) => {
    const article = articles.get(String(id));
    if (article === undefined) return [];
    const snippet = toPlainText(article.paragraphs[0] ?? "").slice(0, shownSnippet);
    return [{ title: article.title, url: `${origin}/${article.slug}`, snippet, age: article.published }];
  });
}

function toPage({ title, published, paragraphs }: Article): string {
  const body = paragraphs.map((paragraph) => `<p>${withLinks(paragraph)}</p>`).join("\n");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body><main><article><h1>${escapeHtml(title)}</h1><p><time>${published}</time></p>
${body}</article></main></body></html>`;
}

function withLinks(paragraph: string): string {
  return escapeHtml(paragraph).replaceAll(/\[([^\]]+)\]\(([a-z-]+)\)/g, '<a href="/$2">$1</a>');
}
