import { normalizeText, normalizeUrl } from "./normalize.ts";

/** A passage of a page. */
export interface Citation {
  readonly url: string;
  readonly quote: string;
}

export interface ReadPage {
  /** After redirects. */
  readonly url: string;
  readonly title: string;
}

/** Shorter quotes stand in any page, and prove nothing. */
const fewestWords = 4;
const longestQuote = 600;

/** The pages that were really fetched, and what they said. */
export class ReadPages {
  readonly #pages = new Map<string, ReadPage & { readonly texts: string[] }>();

  /** Takes the answer of one successful `web_fetch`; one that names no page, such as a redirect, is none. */
  note(requestedUrl: string, answer: string): void {
    const [, url, rest = ""] = /^URL: (\S+)\n([\s\S]*)$/.exec(answer) ?? [];
    const final = normalizeUrl(url ?? "");
    const requested = normalizeUrl(requestedUrl);
    if (final === undefined) return;
    const [head = "", ...body] = rest.split("\n\n");
    const title = /^Title: (.+)$/m.exec(head)?.[1] ?? final;
    const page = this.#pages.get(final) ?? { url: final, title, texts: [] };
    page.texts.push(normalizeText(body.join("\n\n")));
    this.#pages.set(final, page);
    if (requested !== undefined && !this.#pages.has(requested)) this.#pages.set(requested, page);
  }

  /** The page with this URL, or one that led to it. */
  find(url: string): ReadPage | undefined {
    return this.#pages.get(normalizeUrl(url) ?? "");
  }

  /** What is wrong with a citation, in words for the model; `undefined` when the page was read and says so. */
  check({ url, quote }: Citation): { readonly field: "url" | "quote"; readonly problem: string } | undefined {
    const page = this.#pages.get(normalizeUrl(url) ?? "");
    if (page === undefined) {
      const problem = "this page was not fetched with success; cite what you have read, or fetch it first";
      return { field: "url", problem };
    }
    const wanted = normalizeText(quote);
    if (wanted.split(" ").length < fewestWords) {
      return { field: "quote", problem: `too short to prove anything; quote at least ${fewestWords} words` };
    }
    if (wanted.length > longestQuote) {
      return {
        field: "quote",
        problem: `longer than ${longestQuote} characters; quote the passage that matters`,
      };
    }
    if (page.texts.some((text) => text.includes(wanted))) return undefined;
    return {
      field: "quote",
      problem: "this does not stand on the page word for word; copy the passage exactly",
    };
  }

  get size(): number {
    return new Set(this.#pages.values()).size;
  }
}
