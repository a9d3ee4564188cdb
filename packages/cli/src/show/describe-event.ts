import type { AgentwerkEvent, JsonValue } from "@agentwerk/core";
import { formatDuration } from "./format.ts";
import { sanitizeLine } from "./sanitize.ts";
import type { Colour, Terminal } from "./terminal.ts";
import { fitWidth, padEnd, widthOf } from "./width.ts";

/** What an event says to people, on one line: a mark, the ticket and what happened; `undefined` for what only fills logs. */
export function describeEvent(event: AgentwerkEvent, terminal: Terminal): string | undefined {
  const told = tell(event);
  if (told === undefined) return undefined;
  const { mark, colour, text } = told;
  const ticket = event.ticket === undefined ? "" : `${padEnd(event.ticket, 10)}  `;
  const agent = event.agent === undefined ? "" : `  ${sanitizeLine(event.agent)}`;
  const room = terminal.columns() - 3 - ticket.length - widthOf(agent);
  return `${terminal.paint(colour, mark)} ${ticket}${fitWidth(text, Math.max(room, 20))}${terminal.paint("dim", agent)}`;
}

interface Told {
  readonly mark: string;
  readonly colour: Colour;
  readonly text: string;
}

function tell(event: AgentwerkEvent): Told | undefined {
  switch (event.type) {
    case "ticket_created":
      return { mark: "+", colour: "blue", text: "filed" };
    case "ticket_started":
      return {
        mark: "▸",
        colour: "cyan",
        text: event.attempt > 1 ? `started, attempt ${event.attempt}` : "started",
      };
    case "ticket_resumed":
      return { mark: "▸", colour: "cyan", text: "resumed" };
    case "ticket_waiting":
      return { mark: "?", colour: "yellow", text: describeWaiting(event.waiting) };
    case "ticket_done":
      return { mark: "✓", colour: "green", text: "done" };
    case "ticket_failed":
      return { mark: "✗", colour: "red", text: `failed: ${sanitizeLine(event.failure.message)}` };
    case "ticket_cancelled":
      return { mark: "✗", colour: "yellow", text: withReason("cancelled", event.reason) };
    case "ticket_retried":
      return { mark: "↻", colour: "blue", text: withReason("put back", event.note) };
    case "ticket_replied":
      return {
        mark: "»",
        colour: "blue",
        text: `reply${event.author === undefined ? "" : ` by ${sanitizeLine(event.author)}`}`,
      };
    case "request_retried": {
      const text = `${event.reason.replaceAll("_", " ")}: asked again in ${formatDuration(event.delayMs)}`;
      return { mark: "!", colour: "yellow", text };
    }
    case "request_failed":
      return { mark: "!", colour: "red", text: sanitizeLine(event.message) };
    case "schema_retried":
      return { mark: "!", colour: "yellow", text: `corrected: ${sanitizeLine(event.message)}` };
    case "tool_call_started":
      return { mark: "·", colour: "dim", text: `${sanitizeLine(event.tool)} ${describeInput(event.input)}` };
    case "tool_call_failed":
      return {
        mark: "!",
        colour: "yellow",
        text: `${sanitizeLine(event.tool)}: ${sanitizeLine(event.message)}`,
      };
    case "tool_source_failed":
      return {
        mark: "!",
        colour: "yellow",
        text: sanitizeLine(`tools of ${event.source} are missing: ${event.message}`),
      };
    case "policy_violated":
      return { mark: "!", colour: "red", text: `the limit ${event.limit} of ${event.maximum} was reached` };
    default:
      return undefined;
  }
}

type Waiting = Extract<AgentwerkEvent, { type: "ticket_waiting" }>["waiting"];

function describeWaiting(waiting: Waiting): string {
  switch (waiting.for) {
    case "reply":
      return `asks: ${sanitizeLine(waiting.question)}`;
    case "approval":
      return `wants approval: ${waiting.calls.map(({ tool, input }) => `${sanitizeLine(tool)} ${describeInput(input)}`).join("; ")}`;
    case "children":
      return "waits for the tickets that it filed";
    default:
      return "waits for its blockers";
  }
}

/** The values of a call's arguments; names are rarely needed to recognise it. */
function describeInput(input: JsonValue): string {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return sanitizeLine(JSON.stringify(input));
  const values = Object.values(input).map((value) =>
    typeof value === "string" ? value : JSON.stringify(value),
  );
  return fitWidth(sanitizeLine(values.join(" ")), 200);
}

function withReason(text: string, reason: string | undefined): string {
  return reason === undefined ? text : `${text}: ${sanitizeLine(reason)}`;
}
