import type { Conversation } from "@agentwerk/llm-simulator";

/** What the simulated researcher finds in the messages that it was sent. */
export interface ResearchState {
  readonly question: string;
  readonly number: number;
  readonly angles: number;
  readonly angle: string;
  readonly queries: readonly string[];
  /** It goes on where another one handed over. */
  readonly isFollowUp: boolean;
  readonly searched: number;
  /** The best of each search, then the second of each, each once. */
  readonly found: readonly Hit[];
  /** What was asked for, with success or not. */
  readonly tried: ReadonlySet<string>;
  readonly pages: readonly ReadText[];
  /** It has tried to finish before, so that was refused. */
  readonly triedToFinish: boolean;
  readonly mayHandOver: boolean;
}

export interface Hit {
  readonly url: string;
  readonly title: string;
}

export interface ReadText {
  readonly url: string;
  readonly title: string;
  readonly body: string;
}

const taskPattern =
  /The whole question: ([\s\S]+?)\n\nAngle (\d+) of (\d+): ([\s\S]+?)\n\nSearch queries to begin with:\n((?:- .+\n?)+)/;

/** `undefined` when no message holds a task. */
export function readResearch({ messages, tools }: Conversation): ResearchState | undefined {
  const text = messages.find(({ role }) => role === "user")?.text ?? "";
  const task = taskPattern.exec(text);
  if (task === null) return undefined;
  const [, question = "", number = "0", angles = "0", angle = "", queries = ""] = task;
  const calls = messages.flatMap(({ toolCalls }) => toolCalls);
  const results = messages.flatMap((message) => {
    const call = calls.findLast(({ id }) => id === message.callId);
    return call === undefined ? [] : [{ tool: call.name, text: message.text }];
  });
  const searches = results.filter(({ tool }) => tool === "web_search");
  return {
    question,
    number: Number(number),
    angles: Number(angles),
    angle,
    queries: [...queries.matchAll(/^- (.+)$/gm)].map(([, query = ""]) => query),
    isFollowUp: text.includes("Handed over from"),
    searched: searches.length,
    found: inTurns(searches.map((search) => hitsOf(search.text))),
    tried: new Set(calls.flatMap(({ name, input }) => (name === "web_fetch" ? [fieldOf(input, "url")] : []))),
    pages: results.flatMap(({ tool, text: page }) => (tool === "web_fetch" ? readPage(page) : [])),
    triedToFinish: calls.some(({ name }) => /^write_/.test(name)),
    mayHandOver: tools.some(({ name }) => name === "write_handover"),
  };
}

function inTurns(lists: readonly (readonly Hit[])[]): readonly Hit[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const places = Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? []));
  return [...new Map(places.flat().map((hit) => [hit.url, hit])).values()];
}

function hitsOf(results: string): readonly Hit[] {
  const hits = results.matchAll(/^\d+\. (.+?)(?: \([^()]*\))?\n {3}(https?:\/\/\S+)$/gm);
  return [...hits].map(([, title = "", url = ""]) => ({ title, url }));
}

function fieldOf(input: unknown, name: string): string {
  return String(typeof input === "object" && input !== null ? Reflect.get(input, name) : "");
}

function readPage(text: string): readonly ReadText[] {
  const [, url = "", head = "", body = ""] = /^URL: (\S+)\n([\s\S]*?)\n\n([\s\S]*)$/.exec(text) ?? [];
  if (url === "") return [];
  return [{ url, title: /^Title: (.+)$/m.exec(head)?.[1] ?? url, body }];
}
