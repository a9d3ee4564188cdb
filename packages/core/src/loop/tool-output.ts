import { toErrorMessage } from "../errors/to-error-message.ts";
import { textBlock, type UserContent } from "../provider/content.ts";
import { isToolResult, type ToolReturn } from "../tool/tool-result.ts";
import { renderTemplate } from "../util/render-template.ts";

/** Characters of one call's text that go into the conversation; about 7,500 tokens. */
const longestOutput = 30_000;

/** What a tool returned, as blocks. Control results are not handled here. */
export function toBlocks(value: ToolReturn): readonly UserContent[] {
  if (value === undefined || value === "") return [textBlock("(no output)")];
  if (typeof value === "string") return [textBlock(value)];
  if (!isToolResult(value)) return [textBlock(JSON.stringify(value) ?? "(no output)")];
  if (value.kind === "content") return value.content;
  return [textBlock(value.kind === "ask" ? value.question : value.message)];
}

/** Cuts the middle out of text that is too long; `save` keeps the whole and answers where. */
export async function cutBlocks(
  blocks: readonly UserContent[],
  options: { readonly template: string; readonly save: (text: string) => Promise<string> },
): Promise<readonly UserContent[]> {
  if (!blocks.some((block) => block.type === "text" && block.text.length > longestOutput)) return blocks;
  return Promise.all(
    blocks.map(async (block) => {
      if (block.type !== "text" || block.text.length <= longestOutput) return block;
      const path = await options
        .save(block.text)
        .catch((error: unknown) => `no file (${toErrorMessage(error)})`);
      const head = wholeCharacters(block.text.slice(0, Math.floor(longestOutput * 0.7)));
      const tail = wholeCharacters(block.text.slice(-Math.floor(longestOutput * 0.3)));
      const notice = renderTemplate(options.template, {
        shown: head.length + tail.length,
        total: block.text.length,
        path,
      });
      return textBlock(`${head}\n${notice}\n${tail}`);
    }),
  );
}

/** A cut through a surrogate pair would make text that is not valid Unicode, which vendors refuse. */
function wholeCharacters(text: string): string {
  return text.toWellFormed();
}
