import type { Terminal } from "@agentwerk/use-cases-shared";
import type { SessionHost } from "../session/session-host.ts";

/** What a command may use. */
export interface CommandHost {
  readonly sessions: SessionHost;
  readonly terminal: Terminal;
  /** Shows the session that goes on now. */
  showSession(): Promise<void>;
}

/** A line that begins with a slash. */
export interface Command {
  readonly name: string;
  /** Behind the name, for the help. */
  readonly argument?: string;
  readonly help: string;
  /** `exit` ends the program. */
  run(argument: string, host: CommandHost): Promise<"exit" | "stay">;
}
