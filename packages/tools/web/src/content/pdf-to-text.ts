import { toErrorMessage } from "@agentwerk/core";
import { getDocumentProxy } from "unpdf";

/** Pages that are read of one document. */
const mostPages = 300;

/**
 * The text of a PDF, page by page.
 * @throws Error for what cannot be read: damaged, encrypted.
 */
export async function pdfToText(bytes: Uint8Array): Promise<string> {
  try {
    const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    const count = Math.min(document.numPages, mostPages);
    const pages: string[] = [];
    for (let number = 1; number <= count; number += 1) {
      const { items } = await (await document.getPage(number)).getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      pages.push(`## Page ${number} of ${document.numPages}\n\n${text.trim()}`);
    }
    await document.cleanup();
    return pages.join("\n\n");
  } catch (error) {
    throw new Error(`The PDF cannot be read: ${toErrorMessage(error)}.`, { cause: error });
  }
}
