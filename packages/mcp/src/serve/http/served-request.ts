import type { Principal } from "../principal.ts";

/** A request that was let in. */
export interface ServedRequest {
  readonly principal: Principal;
  /** As JSON; `undefined` for a request without one. */
  readonly body: unknown;
  /** Cuts the connection of a client that does not read what it is sent. */
  readonly drop: (error: Error) => void;
}
