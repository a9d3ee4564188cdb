import { type Clock, systemClock } from "@agentwerk/core";
import type { Server, ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import { taskUri } from "../tasks/task-subscriptions.ts";
import type { TicketAccess } from "../tickets/ticket-access.ts";
import type { TicketChanges, TicketWatch } from "../tickets/ticket-watch.ts";
import { resultUri, ticketUri } from "./resource-uri.ts";

/** Least milliseconds between two notices that the list of tickets changed. */
const listPauseMs = 1_000;

export interface ChangeSource {
  readonly access: TicketAccess;
  readonly watch: TicketWatch;
  readonly clock?: Clock | undefined;
}

/** Calls `publish` for every change that a principal may know of, until the returned function is called. */
export function followChanges(
  { access, watch, clock = systemClock }: ChangeSource,
  publish: (event: ServerEvent) => void,
): () => void {
  let isEnded = false;
  let stop: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;
  const tell = async ({ keys, filed }: TicketChanges): Promise<void> => {
    const tickets = await access.visible([...keys]);
    if (isEnded) return;
    for (const { key, status } of tickets) {
      publish({ kind: "resource_updated", uri: ticketUri(key) });
      if (status === "done") publish({ kind: "resource_updated", uri: resultUri(key) });
      publish({ kind: "resource_updated", uri: taskUri(key) });
    }
    if (!filed || tickets.length === 0) return;
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
      stop ??= followChanges(source, publish);
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
  const send = (event: ServerEvent): void => {
    if (event.kind === "resources_list_changed") server.sendResourceListChanged().catch(() => {});
    if (event.kind === "resource_updated" && isWanted(event.uri))
      server.sendResourceUpdated({ uri: event.uri }).catch(() => {});
  };
  const stop = followChanges(source, send);
  if (era === "legacy") {
    server.setRequestHandler("resources/subscribe", ({ params }) => {
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
