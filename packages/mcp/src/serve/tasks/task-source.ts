/** A task as the extension's `tasks/get` and its notifications show it. */
export interface DetailedTask {
  readonly taskId: string;
  readonly status: "working" | "input_required" | "completed" | "failed" | "cancelled";
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** `null`: kept without a limit of time. */
  readonly ttlMs: number | null;
  readonly pollIntervalMs?: number;
  /** With `completed`: what the call would have answered. */
  readonly result?: object;
  /** With `failed`: an error of the protocol. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** With `input_required`: what the client is asked, each under a key that is never used again. */
  readonly inputRequests?: Readonly<Record<string, { readonly method: string; readonly params: object }>>;
}

/** A client's answer to one request for input, not yet checked. */
export type InputResponses = Readonly<Record<string, unknown>>;

/** The tasks that one principal may see; a task that it may not see is not there. */
export interface TaskSource {
  /** @throws AgentwerkError `not_found`. */
  get(taskId: string): Promise<DetailedTask>;
  /** Answers to keys that are not asked are ignored. @throws AgentwerkError `not_found`. */
  update(taskId: string, responses: InputResponses): Promise<void>;
  /** Nothing happens to a task that has ended. @throws AgentwerkError `not_found`. */
  cancel(taskId: string): Promise<void>;
}
