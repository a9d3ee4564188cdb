import type { IncomingMessage } from "node:http";
import { FetchFailure } from "./fetch-failure.ts";
import { parseWebUrl } from "./parse-web-url.ts";
import { type Body, readBody } from "./read-body.ts";
import { type RequestOptions, requestPage } from "./request-page.ts";

export interface FetchOptions extends RequestOptions {
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

export interface FetchedPage extends Body {
  readonly kind: "page";
  /** After redirects. */
  readonly url: URL;
  readonly status: number;
  readonly contentType: string;
  /** The header X-Robots-Tag. */
  readonly robots: string;
}

/** A redirect that is reported instead of followed. */
export interface ReportedRedirect {
  readonly kind: "redirect";
  readonly from: URL;
  readonly to: URL;
  readonly status: number;
}

/**
 * Fetches a page. Redirects are followed on the same host only; each is a request of its own with all its checks.
 * @throws FetchFailure in words for the model, and the signal's reason.
 */
export async function fetchPage(start: URL, options: FetchOptions): Promise<FetchedPage | ReportedRedirect> {
  let url = start;
  for (let redirects = 0; redirects <= options.maxRedirects; redirects += 1) {
    const response = await requestPage(url, options);
    const { statusCode: status = 0 } = response;
    const target = redirectTarget(response, url);
    if (target === undefined) {
      const { "content-type": contentType = "", "x-robots-tag": robots = "" } = response.headers;
      const body = await readBody(response, options);
      return { kind: "page", url, status, contentType, robots: String(robots), ...body };
    }
    if (!isSameSite(url, target)) return { kind: "redirect", from: url, to: target, status };
    url = target;
  }
  throw new FetchFailure(`${start.href} redirected more than ${options.maxRedirects} times.`);
}

function redirectTarget(response: IncomingMessage, url: URL): URL | undefined {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
  // Nothing of its body is read, whatever it leads to.
  response.destroy();
  return parseWebUrl(headers.location, url.href);
}

/** The same host and port, or its secure side; a leading www makes no difference. */
function isSameSite(from: URL, to: URL): boolean {
  const site = (url: URL): string => url.hostname.replace(/^www\./, "");
  if (site(from) !== site(to)) return false;
  const isUpgrade =
    from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  return isUpgrade || (from.protocol === to.protocol && from.port === to.port);
}
