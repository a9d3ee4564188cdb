import { Worker } from "node:worker_threads";
import type { Content } from "./content/describe-page.ts";
import { htmlToPlainText } from "./content/html-to-plain-text.ts";
import type { ContentAnswer, ContentJob, ContentMessage } from "./content.worker.ts";
import { FetchFailure } from "./net/fetch-failure.ts";

/**
 * How long a page may take once its thread is ready; a thousand nested elements can keep an extractor of main content
 * busy for half a minute. How long the thread takes to start says nothing of the page: the caller's signal bounds it.
 */
const longestConversionMs = 5_000;
const mostMemoryMb = 512;

/**
 * Converts a page in a thread of its own, which is ended when it takes too long or too much: a hostile page costs the
 * agent neither its event loop nor its memory. HTML then comes back as plain text.
 * @throws FetchFailure for a PDF that cannot be read, and the signal's reason.
 */
export async function convertInWorker(job: ContentJob, signal: AbortSignal): Promise<Content> {
  signal.throwIfAborted();
  // Sources run as they are; in the published package all files lie side by side.
  const file = new URL(
    import.meta.url.endsWith(".ts") ? "./content.worker.ts" : "./content.worker.js",
    import.meta.url,
  );
  const worker = new Worker(file, {
    workerData: { agentwerkContentJob: job },
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    env: {},
    stdout: true,
    stderr: true,
  });
  const answer = await new Promise<ContentAnswer | undefined>((resolve) => {
    const stop = (): void => resolve(undefined);
    let timer: NodeJS.Timeout | undefined;
    signal.addEventListener("abort", stop, { once: true });
    worker.on("message", (message: ContentMessage) => {
      if (message === "ready") timer = setTimeout(stop, longestConversionMs);
      else resolve(message);
    });
    worker.once("error", (error) =>
      resolve(job.kind === "pdf" ? { ok: false, message: String(error) } : undefined),
    );
    worker.once("exit", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      stop();
    });
  });
  await worker.terminate();
  signal.throwIfAborted();
  if (answer?.ok) return answer;
  if (job.kind === "html") return htmlToPlainText(job.html);
  throw new FetchFailure(answer?.message ?? `The PDF took longer than ${longestConversionMs} ms to read.`);
}
