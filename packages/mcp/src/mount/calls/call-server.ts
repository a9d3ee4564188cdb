import { askPerson, type ToolContext, type ToolReturn, toErrorMessage, toolError } from "@agentwerk/core";
import {
  type Client,
  type Progress,
  type RequestOptions,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { ServerConnection } from "../connection/server-connection.ts";
import type { ElicitationHandler } from "../elicitation/conversation.ts";
import type { SignIn } from "../oauth/sign-in.ts";
import { cleanLine } from "../tools/clean-text.ts";
import { CallSession } from "./call-session.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { type Exchanged, exchange, type InputAnswers } from "./exchange.ts";
import type { SamplingLimits } from "./sample.ts";

/** What the calls of one server have in common. */
export interface CallSettings {
  readonly server: string;
  readonly connection: ServerConnection;
  readonly calls: CallsUnderWay;
  /** Of an HTTP server. */
  readonly signIn: SignIn | undefined;
  readonly roots: readonly string[];
  /** Whether the server may put questions to a person. */
  readonly elicits: boolean;
  readonly elicit: ElicitationHandler | undefined;
  readonly sampling: SamplingLimits | undefined;
  /** Without an answer or progress. */
  readonly timeoutMs: number;
  /** Of one call, whatever progress it makes. */
  readonly maxTimeMs: number;
}

export interface ServerCall<Result> {
  readonly context: ToolContext;
  /** The user says that running twice does no harm. */
  readonly repeatable: boolean;
  /** Why the call must not be made, asked before each attempt: a server that was started again may offer something else. */
  check?(signal: AbortSignal): Promise<string | undefined>;
  send(client: Client, answers: InputAnswers, options: RequestOptions): Promise<Result>;
  toReturn(result: Result): ToolReturn | Promise<ToolReturn>;
}

const mostAttempts = 3;
/** Between two reports of progress: a server may send thousands. */
const reportEveryMs = 100;

/** Makes one call of a server: connects if need be, and repeats it where nobody is harmed when the connection is lost. */
export async function callServer<Result>(
  settings: CallSettings,
  call: ServerCall<Result>,
): Promise<ToolReturn> {
  const { signal } = call.context;
  for (let attempt = 1; ; attempt++) {
    const refusal = await call.check?.(signal);
    if (refusal !== undefined) return toolError(refusal);
    const client = await settings.connection.open(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return toolError(toErrorMessage(error));
    });
    if ("kind" in client) return client;
    const { session, exchanged } = await runOnce(settings, { call, client });
    if (exchanged.kind === "ask") return askPerson(exchanged.question);
    if (session.isConfused) return toolError(confused(settings.server));
    if (exchanged.kind === "result") return await call.toReturn(exchanged.result);
    if (exchanged.kind === "failed") return toolError(exchanged.message);
    const problem = await recover(settings, { exchanged, client, call });
    if (problem !== undefined) return toolError(problem);
    if (attempt === mostAttempts) {
      return toolError(`${settings.server} failed ${attempt} times: ${exchanged.message}`);
    }
  }
}

type Broken = Extract<Exchanged<never>, { readonly kind: "unauthorized" | "unsent" | "lost" | "cut" }>;

/** Makes the way free for the call to run again; else says why it cannot. */
async function recover<Result>(
  settings: CallSettings,
  broken: { readonly exchanged: Broken; readonly client: Client; readonly call: ServerCall<Result> },
): Promise<string | undefined> {
  const { exchanged, client, call } = broken;
  if (exchanged.kind === "unauthorized") {
    return (await signInAgain(settings, client, call.context.signal)) ? undefined : exchanged.message;
  }
  if (exchanged.kind !== "cut") settings.connection.drop(client, exchanged.message);
  if (exchanged.kind === "unsent" || call.repeatable) return undefined;
  return effectUnknown(settings.server, exchanged.message);
}

/** Waits for the person whom the SDK has sent to sign in anew or with further rights. The server refused the call, so it runs again. */
async function signInAgain(
  { signIn }: CallSettings,
  { transport }: Client,
  signal: AbortSignal,
): Promise<boolean> {
  const isHttp =
    transport instanceof StreamableHTTPClientTransport || transport instanceof SSEClientTransport;
  if (signIn?.isPending !== true || !isHttp) return false;
  await signIn.finish(transport, signal);
  return true;
}

async function runOnce<Result>(
  settings: CallSettings,
  { call, client }: { readonly call: ServerCall<Result>; readonly client: Client },
): Promise<{ readonly session: CallSession; readonly exchanged: Exchanged<Result> }> {
  const session = await CallSession.begin({
    server: settings.server,
    context: call.context,
    elicits: settings.elicits,
    handler: settings.elicit,
    sampling: settings.sampling,
  });
  const exchanged = await settings.calls.run(session, () =>
    exchange((answers, options) => call.send(client, answers, options), {
      session,
      roots: settings.roots,
      request: {
        timeout: settings.timeoutMs,
        resetTimeoutOnProgress: true,
        maxTotalTimeout: settings.maxTimeMs,
        onprogress: toReporter(call.context),
      },
    }),
  );
  return { session, exchanged };
}

function toReporter({ report }: ToolContext): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return ({ progress, total, message }) => {
    const now = performance.now();
    if (now - last < reportEveryMs) return;
    last = now;
    const count = total === undefined ? `${progress}` : `${progress} of ${total}`;
    report(message === undefined || message === "" ? count : `${count}: ${cleanLine(message, 300)}`);
  };
}

function effectUnknown(server: string, message: string): string {
  return `The connection to ${server} was lost in the middle of the call (${message}). Whether it had an effect is not known: check before you call it again.`;
}

function confused(server: string): string {
  return `${server} asked a person something while several calls were under way, so it is not clear which one it was for. Calls to ${server} go one at a time from now on: check what this one did, then call it again.`;
}
