/** Something that is being served. */
export interface Served {
  /** Resolves when all has ended: `close` was called, or the other side went. */
  readonly closed: Promise<void>;
  /** Ends it in order; a second call waits for the same end. */
  close(): Promise<void>;
}
