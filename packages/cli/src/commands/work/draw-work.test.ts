import { noUsage, parseTicketKey } from "@agentwerk/core";
import { expect, test } from "vitest";
import { widthOf } from "../../show/width.ts";
import { fakeTerminal } from "../../testing/fake-terminal.ts";
import { drawWork, type WorkPicture } from "./draw-work.ts";

const work = {
  steps: 1,
  turns: 1,
  requests: 1,
  toolCalls: 0,
  errors: 0,
  workMs: 1,
  usage: { ...noUsage, inputTokens: 120_000, outputTokens: 8_200 },
  cost: 0.42,
};

function picture(working: number): WorkPicture {
  return {
    agents: 3,
    working: Array.from({ length: working }, (_, index) => ({
      key: parseTicketKey(`TICKET-${index + 1}`, "key"),
      agent: index % 2 === 0 ? "reviewer" : "検査官",
      task: "Audit src/auth.ts for input-validation gaps and everything else",
      doing: "thinks",
      since: 0,
    })),
    counts: {
      created: 9,
      done: 4,
      failed: 1,
      cancelled: 0,
      ticketMs: 1,
      work,
      todo: 3,
      inProgress: 2,
      waiting: 1,
    },
    frame: 0,
    ms: 65_000,
    now: 12_000,
  };
}

test("the live view names agents, tickets, tokens and cost", () => {
  expect(drawWork(picture(2), fakeTerminal(120, 24))).toEqual([
    "  reviewer  TICKET-1  Audit src/auth.ts for input-validation gaps and everything else  thinks  12 s",
    "  検査官    TICKET-2  Audit src/auth.ts for input-validation gaps and everything else  thinks  12 s",
    "⠋ 3 agents, 2 working · 3 todo, 2 in progress, 1 waiting, 4 done, 1 failed · 120k in, 8.2k out, $0.4200 · 1 m 05 s",
  ]);
});

test.each([1, 5, 20, 40, 80, 200])("every line fits a terminal of %i columns", (columns) => {
  for (const line of drawWork(picture(5), fakeTerminal(columns, 24)))
    expect(widthOf(line)).toBeLessThanOrEqual(Math.max(1, columns - 1));
});

test.each([1, 3, 5, 8, 24])("it fits a screen of %i rows, and says how many it leaves out", (rows) => {
  const lines = drawWork(picture(30), fakeTerminal(80, rows));
  expect(lines.length).toBeLessThanOrEqual(Math.max(2, rows - 2));
  expect(lines.join("\n")).toMatch(/and \d+ more/);
});

test("nobody working is idle, without a clock that would have to be drawn", () => {
  expect(drawWork({ ...picture(0), counts: undefined }, fakeTerminal(80, 24))).toEqual(["· 3 agents, idle"]);
});
