/** One of several ways to do the same work, in a process of its own. */
export interface Contender {
  /** Works so many tickets, so many at once, from filing to reading the results. */
  round(order: RoundOrder): Promise<void>;
  close?(): Promise<void>;
}

export interface RoundOrder {
  readonly tickets: number;
  readonly concurrency: number;
}

export interface RoundResult {
  /** Of the contender's process, all its threads included. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What both sides of a contender's process agree on. */
export type ContenderMessage =
  | { readonly type: "ready" }
  | { readonly type: "round"; readonly result: RoundResult };
