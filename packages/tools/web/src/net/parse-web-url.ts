import { FetchFailure } from "./fetch-failure.ts";

const longestUrl = 8_192;

/**
 * Parses a URL that may be fetched. The URL standard brings every notation of an IPv4 address into one form.
 * @throws FetchFailure for other schemes, credentials and what is no URL.
 */
export function parseWebUrl(text: string, base?: string): URL {
  if (text.length > longestUrl) throw new FetchFailure(`The URL is longer than ${longestUrl} characters.`);
  if (!URL.canParse(text, base))
    throw new FetchFailure(`${JSON.stringify(text)} is not a URL; begin with https://.`);
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FetchFailure(`Only http and https URLs can be fetched, not ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "")
    throw new FetchFailure("A URL with a user name or password is not fetched.");
  url.hash = "";
  return url;
}

/** The host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}
