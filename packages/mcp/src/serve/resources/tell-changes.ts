import { type Clock, systemClock, type TicketKey } from "@agentwerk/core";
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
  type ServerEvent,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { taskUri } from "../tasks/task-subscriptions.ts";
import type { TicketAccess } from "../tickets/ticket-access.ts";
import type { TicketChanges, TicketWatch } from "../tickets/ticket-watch.ts";
import { parseResourceUri, resultUri, ticketUri } from "./resource-uri.ts";

/** Least milliseconds between two notices that the list of tickets changed. */
const listPauseMs = 1_000;
/** Of one connection. */
const mostSubscriptions = 1_000;

export interface ChangeSource {
  readonly access: TicketAccess;
  readonly watch: TicketWatch;
  readonly clock?: Clock | undefined;
}

/** Calls `publish` for every change that a principal may know of, until the returned function is called. */
function followChanges(
  { access, watch, clock = systemClock }: ChangeSource,
  options: {
    /** Whether somebody wants to know of changes of this ticket. */
    readonly wants: (key: TicketKey) => boolean;
    readonly publish: (event: ServerEvent) => void;
  },
): () => void {
  const { wants, publish } = options;
  let isEnded = false;
  let stop: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;
  const tell = async (changes: TicketChanges): Promise<void> => {
    const seen = await access.seen(
      new Map([...changes].filter(([key, { filed }]) => filed !== undefined || wants(key))),
    );
    if (isEnded) return;
    for (const [key, { done }] of seen) {
      publish({ kind: "resource_updated", uri: ticketUri(key) });
      if (done) publish({ kind: "resource_updated", uri: resultUri(key) });
      publish({ kind: "resource_updated", uri: taskUri(key) });
    }
    if (![...seen.values()].some(({ filed }) => filed !== undefined)) return;
    cancelTimer ??= clock.setTimer(() => {
      cancelTimer = undefined;
      publish({ kind: "resources_list_changed" });
    }, listPauseMs);
  };
  // A store that was closed meanwhile has nothing more to tell.
  const observing = watch.observe((changes) => void tell(changes).catch(() => {}));
  observing.then(
    (end) => {
      if (isEnded) end();
      else stop = end;
    },
    () => {},
  );
  return () => {
    isEnded = true;
    stop?.();
    cancelTimer?.();
  };
}

/** The changes for the subscriptions of one principal; follows them while there are any. */
export function changeBus(source: ChangeSource): ServerEventBus {
  const listeners = new Set<(event: ServerEvent) => void>();
  let stop: (() => void) | undefined;
  const publish = (event: ServerEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return {
    publish,
    subscribe(listener) {
      listeners.add(listener);
      // Who subscribed to what, the router knows.
      stop ??= followChanges(source, { wants: () => true, publish });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

/** Lets a connection that lasts tell of changes: in the legacy era of those that the client subscribed to. */
export function tellChanges(
  server: Server,
  { source, era }: { readonly source: ChangeSource; readonly era: "legacy" | "modern" },
): void {
  const subscribed = new Set<string>();
  const isWanted = (uri: string): boolean => era === "modern" || subscribed.has(uri);
  const wants = (key: TicketKey): boolean => isWanted(ticketUri(key)) || isWanted(resultUri(key));
  const send = (event: ServerEvent): void => {
    if (event.kind === "resources_list_changed") server.sendResourceListChanged().catch(() => {});
    if (event.kind === "resource_updated" && isWanted(event.uri))
      server.sendResourceUpdated({ uri: event.uri }).catch(() => {});
  };
  const stop = followChanges(source, { wants, publish: send });
  if (era === "legacy") {
    server.setRequestHandler("resources/subscribe", ({ params }) => {
      if (parseResourceUri(params.uri) === undefined) throw new ResourceNotFoundError(params.uri);
      if (!subscribed.has(params.uri) && subscribed.size >= mostSubscriptions) {
        const message = `This client has ${mostSubscriptions} subscriptions; end one first.`;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
      }
      subscribed.add(params.uri);
      return {};
    });
    server.setRequestHandler("resources/unsubscribe", ({ params }) => {
      subscribed.delete(params.uri);
      return {};
    });
  }
  const { onclose } = server;
  server.onclose = () => {
    stop();
    onclose?.();
  };
}
