import type { ScriptResult } from "./run-script.ts";

/** What the model reads about a finished script: its output, then how it ended where that says something. */
export function describeResult({ output, ending, leftovers }: ScriptResult, timeoutMs: number): string {
  const notes: string[] = [];
  if (ending.kind === "exited" && ending.code !== 0) notes.push(`[exit code ${ending.code}]`);
  if (ending.kind === "killed") notes.push(`[ended by ${ending.signal}]`);
  if (ending.kind === "timed_out")
    notes.push(`[time limit of ${timeoutMs} ms reached: the command was ended]`);
  if (ending.kind === "aborted") notes.push("[cancelled: the command was ended]");
  if (leftovers && ending.kind === "exited") notes.push("[processes in the background were ended]");
  const text = describeOutput(output);
  if (text === "" && notes.length === 0) return "(no output, exit code 0)";
  return [...(text === "" ? [] : [text]), ...notes].join("\n");
}

function describeOutput(output: ScriptResult["output"]): string {
  const { head, omitted, tail } = output.read();
  if (isBinary(head)) return `[binary output of ${output.total} bytes, not shown]`;
  if (omitted === 0) return toText(Buffer.concat([head, tail]));
  return `${toText(head)}\n[… ${omitted} bytes left out …]\n${toText(tail)}`;
}

/** A NUL, or bytes that are no UTF-8, among the first few thousand. */
function isBinary(head: Buffer): boolean {
  const sample = head.subarray(0, 8_192);
  if (sample.includes(0)) return true;
  const text = sample.toString("utf8");
  const broken = text.split("\uFFFD").length - 1;
  return broken > 2 && broken > text.length / 20;
}

/** Colours and cursor movements say nothing to a model. */
function toText(bytes: Buffer): string {
  return bytes.toString("utf8").replaceAll(escapeSequence, "").replaceAll("\r\n", "\n").replace(/\n+$/, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const escapeSequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
