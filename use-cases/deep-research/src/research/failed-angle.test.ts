import { startSimulatedModel } from "@agentwerk/use-cases-shared";
import { expect, test } from "vitest";
import { corpusSearch } from "../corpus/corpus-search.ts";
import { serveCorpus } from "../corpus/serve-corpus.ts";
import { corpusFolder } from "../corpus-folder.ts";
import { simulatedModel } from "../model/simulated-model.ts";
import { toHtml } from "../report/to-html.ts";
import { toMarkdown } from "../report/to-markdown.ts";
import { research } from "./research.ts";

test("a researcher that insists on an invented page fails alone; the report stands without it and says so", async () => {
  await using corpus = await serveCorpus(corpusFolder);
  const chosen = await startSimulatedModel({
    respond: (conversation) => {
      const isStubborn = conversation.messages.some(({ text }) => text.includes("Angle 2 of 2"));
      const finding = {
        claim: "Everything went well.",
        url: "https://invented.example/",
        quote: "Everything went very well indeed.",
      };
      const input = { answer: "Well.", findings: [finding] };
      return isStubborn ? { toolCalls: [{ name: "write_result", input }] } : simulatedModel(conversation);
    },
    latencyMs: 0,
    tokensPerSecond: undefined,
  });
  try {
    const report = await research({
      question: "Is beekeeping in the city of Lindhafen good for honey and wild bees?",
      model: chosen.model,
      web: { search: corpusSearch(corpus.url), allowHosts: [corpus.host] },
      angles: 2,
      depth: 1,
      concurrency: 2,
      maxCost: undefined,
      maxTimeMs: undefined,
      signal: new AbortController().signal,
      onEvent: () => {},
      onPlanned: () => {},
    });
    expect(report.incompleteBecause).toBe('research failed on "In figures" (schema retries exhausted)');
    expect(report.draft?.sections.map(({ heading }) => heading)).toEqual(["What it is"]);
    expect(report.sources.map(({ url }) => url).join()).not.toContain("invented");
    for (const text of [toMarkdown(report), toHtml(report)]) {
      expect(text).toContain("research failed on");
      expect(text).toContain("The report rests on the others.");
      expect(text).not.toContain("invented.example");
    }
  } finally {
    await chosen.close();
  }
}, 60_000);
