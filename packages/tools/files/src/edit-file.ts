import { defineTool, type Tool, type ToolContext, type ToolReturn, toolError } from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import { FileProblem } from "./confine/file-problem.ts";
import { locate, type Scope } from "./confine/place.ts";
import { suggestPath } from "./confine/suggest-path.ts";
import { editFileText } from "./edit-file.text.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { readLedger } from "./read-ledger.ts";
import { mainLineEnding } from "./text/line-endings.ts";
import { nearestMatch } from "./text/nearest-match.ts";
import { type FoundText, findOverlap, findText, replaceText } from "./text/replace-text.ts";
import { lineAt, lineStarts, showChanges } from "./text/show-changes.ts";
import { decodeText, encodeText, hashOf } from "./text/text-file.ts";
import { readStanding, replaceFile } from "./write/replace-file.ts";
import { unreadMessage } from "./write/unread-message.ts";
import { withTarget } from "./write/with-target.ts";

export type EditFileOptions = FileToolOptions;

interface EditInput {
  readonly path: string;
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean;
}

/** The tool `edit_file`. */
export function editFile(options: EditFileOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "edit_file",
    description: editFileText.description,
    input: {
      type: "object",
      properties: {
        path: { type: "string", description: editFileText.path },
        old_string: { type: "string", minLength: 1, description: editFileText.oldString },
        new_string: { type: "string", description: editFileText.newString },
        replace_all: { type: "boolean", description: editFileText.replaceAll },
      },
      required: ["path", "old_string", "new_string"],
      additionalProperties: false,
    },
    destructive: true,
    run: (value, context) => {
      const input = value as unknown as EditInput;
      return answering({ path: input.path, context }, () => edit(input, { scope: scope(context), context }));
    },
  });
}

async function edit(
  input: EditInput,
  { scope, context }: { readonly scope: Scope; readonly context: ToolContext },
): Promise<ToolReturn> {
  const { path } = input;
  await refuseMissing(path, scope, context.signal);
  return withTarget<ToolReturn>({ path, scope, context }, async (target, { real, shown }) => {
    const standing = await readStanding(target);
    if (standing === undefined) return toolError(`${shown} does not exist.`);
    const unread = unreadMessage(shown, { seen: readLedger.seen(context, real), now: standing.hash });
    if (unread !== undefined) return toolError(unread);
    const file = decodeText(standing.bytes, shown);
    const found = findText(file.text, input.old_string);
    const refusal = refuse(input, { text: file.text, found, shown });
    if (refusal !== undefined) return toolError(refusal);
    const ending = mainLineEnding(file.text) ?? "\n";
    const { text, places } = replaceText(file.text, { newString: input.new_string, found, ending });
    if (text === file.text)
      return toolError(`old_string and new_string are the same; ${shown} is as it was.`);
    const bytes = encodeText(text, file);
    await replaceFile(target, { bytes, expected: standing });
    readLedger.note(context, { real, hash: hashOf(bytes) });
    const count = found.length === 1 ? "" : ` in ${found.length} places`;
    return `Changed ${shown}${count}:\n${showChanges(text, places) || "(the file is empty now)"}`;
  });
}

/** Before folders are made, which is for files that are new. */
async function refuseMissing(path: string, scope: Scope, signal: AbortSignal): Promise<void> {
  const { missing, shown } = await locate(path, scope);
  if (missing.length === 0) return;
  throw new FileProblem(`${shown} does not exist.${await suggestPath(path, scope, signal)}`);
}

function refuse(
  { old_string: oldString, replace_all: all = false }: EditInput,
  {
    text,
    found,
    shown,
  }: {
    readonly text: string;
    readonly found: readonly FoundText[];
    readonly shown: string;
  },
): string | undefined {
  const [first] = found;
  if (first === undefined) return `old_string does not stand in ${shown}.${nearestMatch(text, oldString)}`;
  if (all) return undefined;
  const overlap = found.length === 1 ? findOverlap(text, oldString, first) : undefined;
  const places = overlap === undefined ? found : [first, overlap];
  if (places.length === 1) return undefined;
  const starts = lineStarts(text);
  const lines = places.slice(0, 10).map(({ start }) => lineAt(starts, start) + 1);
  const more = places.length > lines.length ? ", …" : "";
  return `old_string stands ${places.length} times in ${shown} (lines ${lines.join(", ")}${more}). Add lines around it to name one, or set replace_all.`;
}
