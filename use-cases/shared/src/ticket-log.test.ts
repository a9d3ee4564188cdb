import { type AgentwerkEvent, ticketKeyOf } from "@agentwerk/core";
import type { Terminal } from "agentwerk/terminal";
import { expect, test } from "vitest";
import { TicketLog } from "./ticket-log.ts";

function logOf(columns: number): { readonly log: TicketLog; readonly written: string[] } {
  const written: string[] = [];
  const terminal: Terminal = {
    isTerminal: false,
    isLive: false,
    hasColours: false,
    columns: () => columns,
    rows: () => 24,
    write: (text) => void written.push(text),
    paint: (colour, text) => `<${colour}>${text}</>`,
  };
  return { log: new TicketLog(terminal, () => "working"), written };
}

test("texts stand in one column behind the longest key that is expected", () => {
  const { log, written } = logOf(80);
  log.tell("✓", "TICKET-1", "one");
  log.expect(["TICKET-1", "TICKET-1000"]);
  log.tell("·", "TICKET-2", "two");
  expect(written).toEqual(["<green>✓</> TICKET-1   one\n", "<dim>·</> <dim>TICKET-2     two</>\n"]);
});

test("a line takes no more than the terminal has", () => {
  const { log, written } = logOf(20);
  log.tell("!", "TICKET-1", "x".repeat(40));
  log.line("bold", "y".repeat(40));
  expect(written).toEqual([`<yellow>!</> TICKET-1   ${"x".repeat(6)}…\n`, `<bold>${"y".repeat(19)}…</>\n`]);
});

test("time counts from when the ticket was last taken, and not from a queue before", () => {
  const { log } = logOf(80);
  const event = (type: "ticket_started" | "ticket_resumed", at: number): AgentwerkEvent => ({
    id: 1,
    type,
    at,
    attempt: 1,
    ticket: ticketKeyOf(1),
    labels: [],
  });
  log.add(event("ticket_started", 1_000));
  log.add(event("ticket_resumed", 2_000));
  expect(log.took(event("ticket_started", 4_500))).toBe("2.5 s");
  log.expect([]);
  expect(log.took(event("ticket_started", 9_000))).toBe("0.0 s");
});
