import { defineTool, type Tool, type ToolContext, type ToolReturn, toolError } from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import type { Scope } from "./confine/place.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { readLedger } from "./read-ledger.ts";
import { mainLineEnding, withLineEnding } from "./text/line-endings.ts";
import { decodeText, encodeText, hashOf, refuseHalves } from "./text/text-file.ts";
import { readStanding, replaceFile, type Standing } from "./write/replace-file.ts";
import { unreadMessage } from "./write/unread-message.ts";
import { withTarget } from "./write/with-target.ts";
import { writeFileText } from "./write-file.text.ts";

export type WriteFileOptions = FileToolOptions;

interface WriteInput {
  readonly path: string;
  readonly content: string;
}

/** The tool `write_file`. */
export function writeFile(options: WriteFileOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "write_file",
    description: writeFileText.description,
    input: {
      type: "object",
      properties: {
        path: { type: "string", description: writeFileText.path },
        content: { type: "string", description: writeFileText.content },
      },
      required: ["path", "content"],
      additionalProperties: false,
    },
    idempotent: true,
    destructive: true,
    run: (value, context) => {
      const input = value as unknown as WriteInput;
      return answering({ path: input.path, context }, () => write(input, { scope: scope(context), context }));
    },
  });
}

async function write(
  { path, content }: WriteInput,
  { scope, context }: { readonly scope: Scope; readonly context: ToolContext },
): Promise<ToolReturn> {
  refuseHalves(content);
  return withTarget<ToolReturn>({ path, scope, context }, async (target, { real, shown }) => {
    const standing = await readStanding(target);
    const bytes = standing === undefined ? Buffer.from(content, "utf8") : inFormOf(standing, content, shown);
    const hash = hashOf(bytes);
    if (standing?.hash === hash) {
      readLedger.note(context, { real, hash });
      return `${shown} already has this content.`;
    }
    if (standing !== undefined) {
      const unread = unreadMessage(shown, { seen: readLedger.seen(context, real), now: standing.hash });
      if (unread !== undefined) return toolError(unread);
    }
    await replaceFile(target, { bytes, expected: standing });
    readLedger.note(context, { real, hash });
    const lines = countLines(content);
    return standing === undefined ? `Wrote ${shown}: new, ${lines}.` : `Replaced ${shown}: now ${lines}.`;
  });
}

/** In encoding, mark and line endings of the file that is replaced, which has to be text. */
function inFormOf({ bytes }: Standing, content: string, shown: string): Buffer {
  if (bytes.length === 0) return Buffer.from(content, "utf8");
  const form = decodeText(bytes, shown);
  const ending = mainLineEnding(form.text);
  return encodeText(ending === "\r\n" ? withLineEnding(content, ending) : content, form);
}

function countLines(content: string): string {
  const breaks = content.split("\n").length - 1;
  const lines = content === "" || content.endsWith("\n") ? breaks : breaks + 1;
  return lines === 1 ? "1 line" : `${lines} lines`;
}
