import type { ToolAnswer, Turn } from "./simulated-chat.ts";

/** Lines of a tool's answer that are repeated. */
const mostLines = 12;

/** Says what came of the last call, from its answer alone. */
export function answerFrom({ request, results }: Turn): string {
  const last = results.at(-1);
  if (last === undefined) return "";
  const rejection = /^Not run: a person rejected this call of \w+\. Reason: ([\s\S]*?)\. Do not call/.exec(
    last.text,
  );
  if (rejection !== null) return `I left it, because: ${rejection[1]}.`;
  if (/^how many/i.test(request)) return countLines(last);
  switch (last.tool) {
    case "read_file":
      return `${countLines(last)} It begins:\n${firstLines(last.text.replaceAll(/^ *\d+\t/gm, ""))}`;
    case "list_directory":
    case "glob":
      return `There is:\n${firstLines(last.text)}`;
    case "grep":
      return `I found:\n${firstLines(last.text)}`;
    case "bash":
      return `The command wrote:\n${firstLines(last.text)}`;
    case "web_fetch":
      return `The page says:\n${firstLines(last.text)}`;
    default:
      return `Done. ${firstLines(last.text)}`;
  }
}

function countLines({ input, text }: ToolAnswer): string {
  const path = typeof input === "object" && input !== null && "path" in input ? String(input.path) : "It";
  const numbers = [...text.matchAll(/^ *(\d+)\t/gm)];
  const lines = Number(numbers.at(-1)?.[1] ?? 0);
  return lines === 0 ? `${path}: ${text}` : `${path} has ${lines} ${lines === 1 ? "line" : "lines"}.`;
}

function firstLines(text: string): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, mostLines).join("\n");
  return lines.length > mostLines ? `${shown}\n… and ${lines.length - mostLines} further lines` : shown;
}
