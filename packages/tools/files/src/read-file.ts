import {
  defineTool,
  type Tool,
  type ToolContext,
  type ToolReturn,
  textBlock,
  toolContent,
  toolError,
} from "@agentwerk/core";
import { answering } from "./confine/answering.ts";
import { FileProblem, hasCode } from "./confine/file-problem.ts";
import { type OpenFile, openFile } from "./confine/open-inside.ts";
import { locate, type Scope } from "./confine/place.ts";
import { suggestPath } from "./confine/suggest-path.ts";
import { type FileToolOptions, scopeOf } from "./file-tool-options.ts";
import { readFileText } from "./read-file.text.ts";
import { readLedger } from "./read-ledger.ts";
import { formatBytes } from "./text/format-bytes.ts";
import { formatLines } from "./text/format-lines.ts";
import { scanText, sniffFile } from "./text/scan-file.ts";
import type { Content } from "./text/sniff.ts";

export interface ReadFileOptions extends FileToolOptions {
  /** Largest image that is handed to the model, in bytes; 3,750,000, which is 5 MB in base64; 0 for none. */
  readonly maxImageBytes?: number | undefined;
  /** Largest PDF that is handed to the model, in bytes; 20,000,000; 0 for none. */
  readonly maxDocumentBytes?: number | undefined;
}

interface ReadInput {
  readonly path: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly column?: number;
}

/** Below the 30,000 characters at which the loop would cut the middle out. */
const longestAnswer = 28_000;
const longestLine = 2_000;

/** The tool `read_file`. */
export function readFile(options: ReadFileOptions = {}): Tool {
  const scope = scopeOf(options);
  return defineTool({
    name: "read_file",
    description: readFileText.description,
    input: {
      type: "object",
      properties: {
        path: { type: "string", description: readFileText.path },
        offset: { type: "integer", minimum: 1, description: readFileText.offset },
        limit: { type: "integer", minimum: 1, description: readFileText.limit },
        column: { type: "integer", minimum: 1, description: readFileText.column },
      },
      required: ["path"],
      additionalProperties: false,
    },
    readOnly: true,
    run: (value, context) => {
      const input = value as unknown as ReadInput;
      return answering({ path: input.path, context }, () =>
        read(input, { context, scope: scope(context), options }),
      );
    },
  });
}

interface ReadCall {
  readonly context: ToolContext;
  readonly scope: Scope;
  readonly options: ReadFileOptions;
}

async function read(input: ReadInput, call: ReadCall): Promise<ToolReturn> {
  const { scope, context } = call;
  const file = await openExisting(input.path, scope, context.signal);
  try {
    const content = await sniffFile(file.handle);
    return content.kind === "text"
      ? await readText(input, { file, content, call })
      : await readOther(file, { content, call });
  } finally {
    await file.handle.close();
  }
}

async function openExisting(path: string, scope: Scope, signal: AbortSignal): Promise<OpenFile> {
  try {
    return await openFile(path, scope);
  } catch (error) {
    if (!(error instanceof FileProblem) && !hasCode(error, "ENOENT")) throw error;
    const place = await locate(path, scope);
    if (place.missing.length === 0) throw error;
    throw new FileProblem(`${place.shown} does not exist.${await suggestPath(path, scope, signal)}`);
  }
}

async function readText(
  { offset = 1, limit = 2_000, column = 1 }: ReadInput,
  { file, content, call }: { file: OpenFile; content: Content & { readonly kind: "text" }; call: ReadCall },
): Promise<ToolReturn> {
  const { handle, place } = file;
  const { signal } = call.context;
  const { size } = await handle.stat();
  const window = { offset, limit, column, width: longestLine, characters: longestAnswer };
  const text = await scanText(handle, { content, window, size, signal });
  if (text.hash !== undefined) readLedger.note(call.context, { real: place.real, hash: text.hash });
  if (text.total === 0) return "(the file is empty)";
  if (text.lines.length === 0) {
    return toolError(`${place.shown} has ${text.total} lines; offset ${offset} is past its end.`);
  }
  return formatLines(text, { offset, column });
}

async function readOther(
  { handle, place }: OpenFile,
  { content, call }: { content: Exclude<Content, { readonly kind: "text" }>; call: ReadCall },
): Promise<ToolReturn> {
  const { size } = await handle.stat();
  const what = content.kind === "binary" ? content.what : content.mediaType;
  const named = `${place.shown} is ${what}, ${formatBytes(size)}`;
  if (content.kind === "binary") return `${named}; it cannot be shown as text.`;
  const { maxImageBytes = 3_750_000, maxDocumentBytes = 20_000_000 } = call.options;
  const most = content.kind === "image" ? maxImageBytes : maxDocumentBytes;
  if (most === 0 || !call.context.accepts.has(content.kind))
    return `${named}; you cannot be shown such files.`;
  if (size > most) return toolError(`${named}; at most ${formatBytes(most)} can be shown.`);
  const data = Buffer.alloc(size);
  const { bytesRead } = await handle.read(data, 0, size, 0);
  const base64 = data.toString("base64", 0, bytesRead);
  const { mediaType } = content;
  return toolContent([
    textBlock(`${named}:`),
    content.kind === "image"
      ? { type: "image", mediaType, data: base64 }
      : { type: "document", mediaType, data: base64, name: place.shown },
  ]);
}
