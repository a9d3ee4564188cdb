import { expect } from "vitest";
import { textBlock, textOf } from "../../provider/content.ts";
import type { ProviderCase } from "./provider-case.ts";
import { benchKey } from "./provider-case.ts";

const requests = 16;

/** A provider keeps nothing between requests. */
export const isolationCases: readonly ProviderCase[] = [
  {
    id: "concurrent_requests",
    title: "concurrent requests through one provider do not mix",
    async run({ bench, streamed }) {
      bench.respond((request) => ({ text: `${request.messages.at(-1)?.text} `.repeat(50) }));
      const provider = bench.provider({ apiKey: benchKey, timeoutMs: 30_000, idleTimeoutMs: 30_000 });
      const answers = await Promise.all(
        Array.from({ length: requests }, async (_, index) => {
          let heard = "";
          const response = await provider.respond(
            {
              model: bench.model,
              system: "",
              messages: [{ role: "user", content: [textBlock(`number ${index}`)] }],
              tools: [],
              toolChoice: "auto",
            },
            streamed ? { onEvent: (event) => (heard += event.text) } : {},
          );
          return { text: textOf(response.content), heard };
        }),
      );
      for (const [index, { text, heard }] of answers.entries()) {
        expect(text).toBe(`number ${index} `.repeat(50));
        if (streamed) expect(heard).toBe(text);
      }
    },
  },
  {
    id: "no_memory",
    title: "a request holds nothing of the one before it",
    async run({ bench, streamed }) {
      bench.script([{ text: "first answer" }, { text: "second answer" }]);
      const provider = bench.provider({ apiKey: benchKey, timeoutMs: 30_000, idleTimeoutMs: 30_000 });
      for (const text of ["first question", "second question"]) {
        await provider.respond(
          {
            model: bench.model,
            system: `System of the ${text}.`,
            messages: [{ role: "user", content: [textBlock(text)] }],
            tools: [],
            toolChoice: "auto",
          },
          streamed ? { onEvent: () => undefined } : {},
        );
      }
      const second = bench.requests()[1];
      expect(second?.system).toBe("System of the second question.");
      expect(second?.messages.map((message) => message.text)).toEqual(["second question"]);
    },
  },
];
