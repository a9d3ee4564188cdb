import { type Command, parseStrictly, UsageError } from "@agentwerk/use-cases-shared";

/** What the command line asks for. */
export interface Options {
  /** One message and its answer, instead of a conversation. */
  readonly prompt: string | undefined;
  /** A session's key, or `last`. */
  readonly session: string | undefined;
  readonly isNew: boolean;
  readonly model: string | undefined;
  /** Holds `.agentwerk`; tools work in it. */
  readonly dir: string;
  /** Approves every call, unasked. */
  readonly yes: boolean;
  readonly json: boolean;
}

export const usage: string = `Usage: terminal-repl [options]

A conversation with a model in the terminal: one ticket over many turns, with
tools for files, commands and the web that ask before they act.

  --prompt <text>      one message and its answer, for scripts; what is piped in
                       is added to it, or is the message without this option
  --session <key>      go on with this session (TICKET-3), or with the last one
  --new                begin a new session instead of going on with the last
  --model <name>       another model than the environment's
  --dir <folder>       where tools work and .agentwerk lies (default: here)
  --yes                run every tool call without asking
  --json               with one message: print one JSON object and nothing else
  --help               show this text

With OPENAI_API_KEY or OPENAI_BASE_URL in the environment it talks to that model
(OPENAI_MODEL names it), without them to a simulated one. BRAVE_API_KEY adds
web_search. In the conversation, /help lists the commands.

Exit code: 0 answered or left, 1 failed, 2 wrong option, 130 interrupted,
143 terminated.
`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Command<Options> {
  const { values } = parseStrictly(argv, {
    options: {
      prompt: { type: "string", short: "p" },
      session: { type: "string" },
      new: { type: "boolean" },
      model: { type: "string" },
      dir: { type: "string" },
      yes: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return { kind: "help" };
  for (const option of ["prompt", "session", "model", "dir"] as const) {
    if (values[option]?.trim() === "") throw new UsageError(`--${option} is empty; see --help.`);
  }
  const { session, new: isNew = false, dir = "." } = values;
  if (isNew && session !== undefined)
    throw new UsageError("--new and --session contradict each other; give one.");
  if (session !== undefined && !/^(last|TICKET-[1-9]\d*)$/i.test(session)) {
    throw new UsageError(`--session is ${JSON.stringify(session)}; give a key such as TICKET-3, or last.`);
  }
  const { prompt, model, yes = false, json = false } = values;
  return { kind: "run", options: { prompt, session, isNew, model, dir, yes, json } };
}
