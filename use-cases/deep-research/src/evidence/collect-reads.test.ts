import { type ReplyDraft, TicketSystem, textBlock } from "@agentwerk/core";
import { expect, test } from "vitest";
import { assembleFindings } from "../research/assemble-findings.ts";
import { collectReads } from "./collect-reads.ts";

const page = (url: string, text: string): string =>
  `URL: ${url}\nContent-Type: text/html\nTitle: Page\n\n${text}`;

function call(id: string, name: string, input: { readonly [name: string]: string }): ReplyDraft {
  return {
    message: { role: "assistant", content: [{ type: "tool_call", id, name, input }] },
    purpose: "answer",
  };
}

function result(callId: string, text: string, isError = false): ReplyDraft {
  const content = [{ type: "tool_result" as const, callId, content: [textBlock(text)], isError }];
  return { message: { role: "tool", content }, purpose: "tool_results" };
}

async function converse(replies: readonly ReplyDraft[]) {
  const tickets = new TicketSystem();
  await tickets.task("Read.", { labels: ["research"] });
  const wants = [{ agent: "a", labels: ["research"], limit: 1 }];
  const [claim] = await tickets.store.claim({ worker: "w", wants, leaseMs: 1_000 });
  if (claim === undefined) throw new Error("The ticket cannot be claimed.");
  await tickets.store.commit(claim.lease, { replies });
  const pages = await collectReads(tickets);
  await tickets.close();
  return pages;
}

const quote = "The water is four degrees cold.";

test("a page that came back without an error was read", async () => {
  const url = "https://example.org/a";
  const pages = await converse([call("1", "web_fetch", { url }), result("1", page(url, quote))]);
  expect(pages.check({ url, quote })).toBeUndefined();
});

test.each([
  [
    "an error",
    [
      call("1", "web_fetch", { url: "https://example.org/a" }),
      result("1", page("https://example.org/a", quote), true),
    ],
  ],
  [
    "another tool",
    [call("1", "web_search", { query: "a" }), result("1", page("https://example.org/a", quote))],
  ],
  [
    "no tool at all",
    [
      {
        message: { role: "user", content: [textBlock(page("https://example.org/a", quote))] },
        purpose: "comment",
      },
    ],
  ],
  [
    "another tool whose call has the id of an earlier fetch",
    [
      call("1", "web_fetch", { url: "https://example.org/a" }),
      result("1", page("https://example.org/a", "Something else stands here.")),
      call("1", "web_search", { query: "a" }),
      result("1", page("https://example.org/a", quote)),
    ],
  ],
] satisfies readonly (readonly [string, readonly ReplyDraft[]])[])(
  "a page that came from %s was not",
  async (_what, replies) => {
    const pages = await converse(replies);
    expect(pages.check({ url: "https://example.org/a", quote })).toBeDefined();
  },
);

test("findings that the conversations do not prove are left out, and what was found twice is there once", async () => {
  const url = "https://example.org/a";
  const pages = await converse([call("1", "web_fetch", { url }), result("1", page(url, quote))]);
  const proven = { claim: "It is cold.", url, quote };
  const researched = [
    {
      angle: "one",
      answer: "",
      findings: [proven, { ...proven, quote: "The water is forty degrees cold." }],
    },
    {
      angle: "two",
      answer: "",
      findings: [
        { ...proven, url: `${url}#part` },
        { ...proven, url: "https://example.org/b" },
      ],
    },
  ];
  expect(assembleFindings(researched, pages)).toEqual({
    findings: [{ ...proven, number: 1, source: 1, angle: "one" }],
    sources: [{ number: 1, url, title: "Page" }],
    dropped: 2,
  });
});
