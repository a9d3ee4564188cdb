import type { Turn } from "./simulated-chat.ts";

export interface WantedCall {
  readonly tool: string;
  readonly input: unknown;
}

/** What a message asks for: calls to be made one after the other, or an answer at once. */
export type Intent =
  | { readonly kind: "calls"; readonly intro: string; readonly calls: readonly WantedCall[] }
  | { readonly kind: "answer"; readonly text: string };

interface Rule {
  readonly pattern: RegExp;
  intent(match: readonly string[], turn: Turn): Intent;
}

const help = `I am a simulated model and follow a few rules. You can say, for example:
  list src
  read package.json
  find **/*.ts
  search for TODO in src
  write notes.txt: some text
  replace "old" with "new" in notes.txt
  run git status
  fetch https://example.com
  count to 100
  my name is Ann / what is my name? / what did I say?`;

/** The first that fits decides. */
const rules: readonly Rule[] = [
  {
    pattern: /^how many lines (?:has|does|are in) (\S+?)(?: have)?\??$/i,
    intent: ([path]) => calls("I count them.", { tool: "read_file", input: { path } }),
  },
  {
    pattern: /^(?:read|show|open) (?:me )?(\S+)$/i,
    intent: ([path]) => calls(`I read ${path}.`, { tool: "read_file", input: { path } }),
  },
  {
    pattern: /^list(?: files)?(?: in)?(?: (\S+))?$/i,
    intent: ([path = "."]) => calls("I look.", { tool: "list_directory", input: { path: path || "." } }),
  },
  {
    pattern: /^(?:find|glob) (\S+)$/i,
    intent: ([pattern]) => calls("I look.", { tool: "glob", input: { pattern } }),
  },
  {
    pattern: /^(?:search|grep)(?: for)? (.+?)(?: in (\S+))?$/i,
    intent: ([pattern, path]) =>
      calls("I search.", { tool: "grep", input: path ? { pattern, path } : { pattern } }),
  },
  {
    pattern: /^(?:run|execute) ([\s\S]+)$/i,
    intent: ([command]) => calls("", { tool: "bash", input: { command } }),
  },
  {
    pattern: /^write (\S+): ?([\s\S]*)$/i,
    intent: ([path = "", content = ""], turn) => write(path, content, turn),
  },
  {
    pattern: /^replace "(.+)" (?:with|by) "(.*)" in (\S+)$/is,
    intent: ([old_string, new_string, path]) =>
      calls(
        `I read ${path} first.`,
        { tool: "read_file", input: { path } },
        { tool: "edit_file", input: { path, old_string, new_string } },
      ),
  },
  {
    pattern: /^fetch (\S+)$/i,
    intent: ([url]) => calls("", { tool: "web_fetch", input: { url } }),
  },
  { pattern: /^count to (\d{1,4})$/i, intent: ([last]) => answer(countTo(Number(last))) },
  { pattern: /^my name is (\p{L}+)/iu, intent: ([name]) => answer(`Hello ${name}, I will remember that.`) },
  { pattern: /^what is my name/i, intent: (_match, turn) => answer(recallName(turn)) },
  { pattern: /^what did i (?:say|ask)/i, intent: (_match, turn) => answer(recallAll(turn)) },
];

export function understand(turn: Turn): Intent {
  for (const { pattern, intent } of rules) {
    const match = pattern.exec(turn.request);
    if (match !== null) return intent(match.slice(1), turn);
  }
  return answer(help);
}

function calls(intro: string, ...wanted: readonly WantedCall[]): Intent {
  return { kind: "calls", intro, calls: wanted };
}

function answer(text: string): Intent {
  return { kind: "answer", text };
}

/** A file that is there has to be read before it is replaced; the tool says so, and then it is. */
function write(path: string, content: string, { results }: Turn): Intent {
  const attempt = { tool: "write_file", input: { path, content } };
  const wasRefused = results[0]?.tool === "write_file" && /\bread\b/i.test(results[0].text);
  return wasRefused
    ? calls("", attempt, { tool: "read_file", input: { path } }, attempt)
    : calls("", attempt);
}

function countTo(last: number): string {
  return Array.from({ length: last }, (_, index) => String(index + 1)).join(" ");
}

function recallName({ earlier }: Turn): string {
  const name = earlier.flatMap((text) => [...text.matchAll(/my name is (\p{L}+)/giu)]).at(-1)?.[1];
  return name === undefined ? "You have not told me." : `Your name is ${name}.`;
}

function recallAll({ earlier }: Turn): string {
  if (earlier.length === 0) return "Nothing before this.";
  return earlier.map((text, index) => `${index + 1}. ${text}`).join("\n");
}
