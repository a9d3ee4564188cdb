/** Sizes and times of the served tools. */

/** A wait of a call that names no time. */
export const defaultWaitSeconds = 25;
/** The longest wait of one call: chat clients give up on a call after 60 seconds. */
export const longestWaitSeconds = 45;
/** Between two progress notifications of a wait. */
export const progressPauseMs = 5_000;

/** The longest claim and each renewal of it. */
export const longestLeaseSeconds = 3_600;
export const defaultLeaseSeconds = 300;

/** Tickets of one page of `ticket_list`. */
export const defaultListLimit = 20;
export const longestList = 100;
/** Characters of a ticket's task within a list. */
export const listedTaskLength = 200;
/** Characters of one page of a result, a task or a conversation: some 4,000 tokens. */
export const pageLength = 16_000;
export const repliesOfPage = 20;
/** Tickets that one call may name. */
export const mostKeys = 100;
