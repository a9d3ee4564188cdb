import type { AgentwerkEvent, EventDraft } from "../../event/event.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { EventQuery } from "../ticket-store.ts";

/** Events in memory; the id of an event is its place, from 1. */
export class EventLog {
  readonly #events: AgentwerkEvent[] = [];
  readonly #byTicket: Map<TicketKey, AgentwerkEvent[]> = new Map();

  append(draft: EventDraft, at: number): AgentwerkEvent {
    const event: AgentwerkEvent = { id: this.#events.length + 1, at, ...draft };
    this.#events.push(event);
    if (event.ticket === undefined) return event;
    const ofTicket = this.#byTicket.get(event.ticket);
    if (ofTicket === undefined) this.#byTicket.set(event.ticket, [event]);
    else ofTicket.push(event);
    return event;
  }

  select({ after = 0, types, ticket, limit = 1_000 }: EventQuery): AgentwerkEvent[] {
    const source = ticket === undefined ? this.#events : (this.#byTicket.get(ticket) ?? []);
    const found: AgentwerkEvent[] = [];
    for (let place = ticket === undefined ? Math.max(0, after) : 0; place < source.length; place++) {
      const event = source[place];
      if (event === undefined || found.length >= limit) break;
      if (event.id > after && (types === undefined || types.includes(event.type))) found.push(event);
    }
    return found;
  }
}
