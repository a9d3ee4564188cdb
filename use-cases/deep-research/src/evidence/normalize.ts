/**
 * Text as it is compared: what a reader sees of markdown, with one kind of blanks, quotation marks and dashes. Words and
 * numbers stay as they are.
 */
export function normalizeText(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+"[^"]*")?\)/g, "$1")
    .replaceAll(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, "$1")
    .replaceAll(/[*_`]+/g, "")
    .replaceAll(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replaceAll(/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The URL as it is compared: without the part behind `#`; `undefined` for what is none of the web. */
export function normalizeUrl(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  parsed.hash = "";
  return parsed.href;
}
