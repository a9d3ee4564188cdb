/** For authors of ticket stores: the rules and steps that every engine shares, so that none can drift from the others. */
export {
  type CopyOptions,
  type CopyProgress,
  type CopyReport,
  copyArchive,
} from "./store/archive/copy-archive.ts";
export { HeldTicketsError } from "./store/archive/held-tickets-error.ts";
export type { HeldTicket, RecordCounts, StoreArchive, StoreSnapshot } from "./store/archive/store-archive.ts";
export { orderedState, recordVersion, type StoreRecord } from "./store/archive/store-record.ts";
export { wholeStream } from "./store/archive/whole-stream.ts";
export { queuesOf, queuesOfTicket } from "./store/engine/claim-tickets.ts";
export { checkClaim, checkWants } from "./store/engine/encode-change.ts";
export { Listeners } from "./store/engine/listeners.ts";
export { readAccount } from "./store/engine/reserve.ts";
export type { Encode, Encoded, EventBatch, Later, Tables } from "./store/engine/tables.ts";
export { Transaction } from "./store/engine/transaction.ts";
export { type Run, type RunOptions, writeOperations } from "./store/engine/write-operations.ts";
export type { BudgetWindow } from "./store/rules/budget-window.ts";
export { checkName } from "./store/rules/check-draft.ts";
export { checkFilter, checkLimit } from "./store/rules/check-filter.ts";
export { asksForOpenOnly } from "./store/rules/match-filter.ts";
export { invalidInput, storeClosed, ticketNotFound } from "./store/rules/store-errors.ts";
export {
  allLabels,
  amountsOf,
  type OpenCounts,
  TallyBook,
  tallyFields,
  toTotals,
} from "./store/rules/tally-book.ts";
export {
  noWork,
  queuePlace,
  type TicketBody,
  type TicketEnd,
  type TicketState,
  toTicket,
} from "./store/rules/ticket-state.ts";
