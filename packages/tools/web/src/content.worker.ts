import { parentPort, workerData } from "node:worker_threads";
import { htmlToMarkdown } from "./content/html-to-markdown.ts";
import { pdfToText } from "./content/pdf-to-text.ts";

/** What a worker thread is started for. */
export type ContentJob =
  | { readonly kind: "html"; readonly html: string; readonly url: string; readonly full: boolean }
  | { readonly kind: "pdf"; readonly bytes: Uint8Array };

export type ContentAnswer =
  | { readonly ok: true; readonly text: string; readonly title?: string; readonly robots?: string }
  | { readonly ok: false; readonly message: string };

async function work(job: ContentJob): Promise<ContentAnswer> {
  try {
    if (job.kind === "pdf") return { ok: true, text: await pdfToText(job.bytes) };
    return { ok: true, ...htmlToMarkdown(job.html, { url: new URL(job.url), full: job.full }) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

// Started only by convertInWorker; imported by anybody else it does nothing.
if (parentPort !== null && workerData?.agentwerkContentJob !== undefined) {
  parentPort.postMessage(await work(workerData.agentwerkContentJob));
}
