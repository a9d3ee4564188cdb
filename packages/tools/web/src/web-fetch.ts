import {
  defineTool,
  type Tool,
  type ToolContext,
  type ToolReturn,
  textBlock,
  toolContent,
  toolError,
} from "@agentwerk/core";
import { describePage } from "./content/describe-page.ts";
import { findImage } from "./content/find-image.ts";
import { convertInWorker } from "./convert-in-worker.ts";
import { FetchFailure } from "./net/fetch-failure.ts";
import { type FetchedPage, fetchPage, type ReportedRedirect } from "./net/fetch-page.ts";
import { parseWebUrl } from "./net/parse-web-url.ts";
import { parseWebFetchOptions, type WebFetchOptions } from "./web-fetch-options.ts";
import { webFetchDescription } from "./web-fetch-text.ts";

/** What the input schema lets through. */
interface WebFetchInput {
  readonly url: string;
  readonly full?: boolean;
}

/** Characters of an error page that the model gets to see. */
const shownOfErrors = 2_000;

/**
 * The tool `web_fetch`: public web pages as markdown.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function webFetch(options: WebFetchOptions = {}): Tool {
  const { timeoutMs, ...limits } = parseWebFetchOptions(options);

  const run = async ({ url, full = false }: WebFetchInput, context: ToolContext): Promise<ToolReturn> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.signal, deadline]);
    try {
      const fetched = await fetchPage(parseWebUrl(url), { ...limits, signal });
      if (fetched.kind === "redirect") return describeRedirect(fetched);
      const mediaType = findImage(fetched);
      if (mediaType !== undefined && context.accepts.has("image")) {
        const head = `URL: ${fetched.url.href}\nContent-Type: ${mediaType}`;
        return toolContent([
          textBlock(head),
          { type: "image", mediaType, data: fetched.bytes.toString("base64") },
        ]);
      }
      const text = await describePage(fetched, { full, convert: convertInWorker, signal });
      return fetched.status < 400 ? text : toolError(describeError(fetched, text));
    } catch (error) {
      context.signal.throwIfAborted();
      if (deadline.aborted) return toolError(`${url} did not answer completely within ${timeoutMs} ms.`);
      if (error instanceof FetchFailure) return toolError(error.message);
      throw error;
    }
  };

  return defineTool({
    name: "web_fetch",
    description: webFetchDescription,
    readOnly: true,
    // The tool keeps its own limit and says what happened; the loop's limit comes after that.
    timeout: timeoutMs + 10_000,
    input: {
      type: "object",
      properties: {
        url: { type: "string", minLength: 1, description: "An http or https URL without credentials." },
        full: {
          type: "boolean",
          description: "The whole page, with navigation, instead of its main content.",
        },
      },
      required: ["url"],
      additionalProperties: false,
    },
    run: (input, context) => run(input as unknown as WebFetchInput, context),
  });
}

function describeRedirect({ from, to, status }: ReportedRedirect): string {
  return `${from.href} redirects (${status}) to another host, which was not followed: ${to.href}\nFetch that URL if it is what you want.`;
}

function describeError({ url, status }: FetchedPage, text: string): string {
  return `${url.href} answered with status ${status}.\n\n${text.slice(0, shownOfErrors).toWellFormed()}`;
}
