import type { Hit, ReadText, ResearchState } from "./read-research.ts";
import { keywords, overlap } from "./words.ts";

export interface ExtractedFinding {
  readonly claim: string;
  readonly url: string;
  readonly quote: string;
}

const mostFindings = 6;
/** What counts at most, so that a sentence full of names or numbers does not go before one that answers. */
const mostAbout = 3;
const mostCues = 2;

/** What a sentence may be about, by words of the angle that ask for it. */
const cues: readonly (readonly [asked: RegExp, cue: RegExp])[] = [
  [/what are the figures/i, /\d[\d,.]*/g],
  [/who pays/i, /crowns|cents?\b|price|costs?\b|paid|compensation/gi],
  [
    /problems, losses/i,
    /fell|fear|object|dead|worry|fewer|lost|doubts?|forbidden|insufficient|disputed|attacks|stings|lower|struck/gi,
  ],
  [/planned or expected/i, /plans?\b|is to|expects?|will|before it allows|advises|tightened|new hives/gi],
  [/how does it work/i, /works?\b|takes|allows?|because|stands?|runs|needs|turns?\b|gives?/gi],
  [/come about, and since when/i, /\b(?:19|20)\d\d\b/g],
];

/** Sentences of the pages that answer the angle, word for word, best first. */
export function extractFindings({
  question,
  angle,
  queries,
  pages,
}: ResearchState): readonly ExtractedFinding[] {
  const subject = keywords(question);
  const further = keywords(queries.join(" ")).filter((word) => !subject.includes(word));
  const cue = cues.find(([asked]) => asked.test(angle))?.[1] ?? /./g;
  const scored = pages
    .filter((page) => overlap(subject, page.title + page.body) >= Math.min(2, subject.length))
    .flatMap((page) => sentencesOf(page).map((sentence) => ({ page, sentence, score: scoreOf(sentence) })))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score);
  return scored.slice(0, mostFindings).map(({ page, sentence }) => ({
    claim: sentence,
    url: page.url,
    quote: sentence,
  }));

  function scoreOf(sentence: string): number {
    const cued = new Set(sentence.match(cue)).size;
    const about = overlap(subject, sentence);
    if (cued === 0 || about === 0) return 0;
    return Math.min(about, mostAbout) + 2 * Math.min(cued, mostCues) + overlap(further, sentence);
  }
}

/** Whole sentences of fair length; what gives orders is no statement about the matter. */
function sentencesOf({ body }: ReadText): readonly string[] {
  const paragraphs = body.split(/\n+/).filter((line) => !/^(?:#|\||[-*] )/.test(line));
  const plain = paragraphs.map((line) =>
    line.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll("\\", ""),
  );
  return plain
    .flatMap((line) => line.split(/(?<=[.!?])\s+(?=\p{Lu})/u))
    .filter((sentence) => sentence.length >= 35 && sentence.length <= 300 && sentence.endsWith("."))
    .filter(
      (sentence) => !/ignore|instructions|you are|fetch http|is told in|stands in|see /i.test(sentence),
    );
}

/** Pages that were not tried: links to others of the same site, the one most about the question first, then what the searches found. */
export function furtherPages({ question, pages, tried, found }: ResearchState): readonly Hit[] {
  const subject = keywords(question);
  const links = pages.flatMap(({ url, body }) =>
    [...body.matchAll(/\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g)]
      .map(([, title = "", link = ""]) => ({ title, url: link }))
      .filter((link) => URL.parse(link.url)?.host === URL.parse(url)?.host),
  );
  links.sort((left, right) => overlap(subject, right.title) - overlap(subject, left.title));
  return [...links, ...found].filter((page) => !tried.has(page.url));
}
