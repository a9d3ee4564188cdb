import { randomBytes } from "node:crypto";
import { AgentwerkError, type Lease, parseTicketKey, type Ticket, type TicketKey } from "@agentwerk/core";
import type { Principal } from "../principal.ts";

/**
 * A client's claim on a ticket, in a form that survives this process: the key, the fencing token, and a secret that is
 * part of the worker's name in the store. A claim is good while the ticket's lease names that worker, so it belongs to
 * the principal that made it, and any server process on the store honours it.
 */
export interface ClaimId {
  readonly key: TicketKey;
  readonly token: number;
  readonly secret: string;
}

/** Names a worker of a principal, so that a lease tells whose it is. */
export function newWorker(principal: Principal): string {
  return workerOf(principal, randomBytes(12).toString("base64url"));
}

export function isWorkerOf(principal: Principal, worker: string): boolean {
  return worker.startsWith(workerOf(principal, ""));
}

export function formatClaim({ key, token, worker }: Lease): string {
  return `${key}.${token}.${worker.slice(worker.lastIndexOf(":") + 1)}`;
}

/** @throws AgentwerkError `invalid_input` when it is none. */
export function parseClaim(text: string): ClaimId {
  const [key, token, secret, ...rest] = text.split(".");
  if (key !== undefined && /^\d{1,15}$/.test(token ?? "") && secret !== undefined && rest.length === 0)
    return { key: parseTicketKey(key, "claim"), token: Number(token), secret };
  const message = "claim is not one; pass the claim that ticket_claim answered with.";
  throw new AgentwerkError({ code: "invalid_input", field: "claim", message });
}

/** The lease of a claim, when the ticket is still held under it. */
export function leaseOf(
  claim: ClaimId,
  { ticket, principal }: { readonly ticket: Ticket | undefined; readonly principal: Principal },
): Lease | undefined {
  const worker = workerOf(principal, claim.secret);
  if (ticket?.lease === undefined || ticket.lease.worker !== worker) return undefined;
  return { key: claim.key, token: claim.token, worker, expiresAt: ticket.lease.until };
}

function workerOf(principal: Principal, secret: string): string {
  return `mcp:${principal.name}:${secret}`;
}
