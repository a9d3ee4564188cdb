/** What a command ends with. The table of docs/guides/cli.md is this one. */
export const exitCodes = {
  ok: 0,
  /** The ticket failed, a check failed, or something else went wrong. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was done. */
  usage: 2,
  /** Tickets are left open: parked for a person, or without an agent that takes them. */
  open: 3,
  /** A limit of the policy was reached. */
  policy: 4,
  /** The terminal was closed. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a signal ends with. */
export const signalCodes: Readonly<Record<"SIGHUP" | "SIGINT" | "SIGTERM", ExitCode>> = {
  SIGHUP: exitCodes.hungUp,
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
};
