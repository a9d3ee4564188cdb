import { parentPort, workerData } from "node:worker_threads";

/** What a worker thread is started for. */
export type ContentJob =
  | { readonly kind: "html"; readonly html: string; readonly url: string; readonly full: boolean }
  | { readonly kind: "pdf"; readonly bytes: Uint8Array };

export type ContentAnswer =
  | { readonly ok: true; readonly text: string; readonly title?: string; readonly robots?: string }
  | { readonly ok: false; readonly message: string };

/** `ready` once everything is loaded: what comes after it is spent on the page. */
export type ContentMessage = "ready" | ContentAnswer;

type Convert = () => ContentAnswer | Promise<ContentAnswer>;

/** What the job needs and no more: the reader of PDFs has several megabytes. */
async function load(job: ContentJob): Promise<Convert> {
  if (job.kind === "pdf") {
    const { pdfToText } = await import("./content/pdf-to-text.ts");
    return async () => ({ ok: true, text: await pdfToText(job.bytes) });
  }
  const { htmlToMarkdown } = await import("./content/html-to-markdown.ts");
  return () => ({ ok: true, ...htmlToMarkdown(job.html, { url: new URL(job.url), full: job.full }) });
}

async function work(job: ContentJob, post: (message: ContentMessage) => void): Promise<void> {
  const convert = await load(job);
  post("ready");
  try {
    post(await convert());
  } catch (error) {
    post({ ok: false, message: error instanceof Error ? error.message : String(error) });
  }
}

// Started only by convertInWorker; imported by anybody else it does nothing.
if (parentPort !== null && workerData?.agentwerkContentJob !== undefined) {
  const port = parentPort;
  await work(workerData.agentwerkContentJob, (message) => port.postMessage(message));
}
