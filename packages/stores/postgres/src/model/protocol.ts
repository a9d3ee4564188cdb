import type { System } from "./explore.ts";

/**
 * The lease and commit protocol as a system small enough to be explored whole: workers that crash, pause and lose their
 * connection at any point, requests that arrive late or whose answers get lost, leases that run out at any time, and one
 * ticket whose work is a call with a side effect and then a result with a handover.
 *
 * A step goes: the worker computes what to write from the state that it knows (`know`), sends it with the state's version,
 * the server applies it if the version still is the current one, and answers. What is sent twice carries one more number.
 */
export interface Protocol {
  /** Each guard that the protocol has; a test takes one away and expects the checker to notice. */
  readonly versions: boolean;
  readonly tokens: boolean;
  readonly intents: boolean;
  readonly oneCommit: boolean;
}

export const protocol: Protocol = {
  versions: true,
  tokens: true,
  intents: true,
  oneCommit: true,
};

type Phase = "idle" | "claiming" | "working" | "intending" | "running" | "recording" | "finishing" | "over";

interface Request {
  readonly worker: number;
  readonly step: number;
  readonly kind: "claim" | "intend" | "record" | "finish";
  readonly token: number;
  readonly version: number;
}

interface Worker {
  readonly phase: Phase;
  /** The lease that it believes in, and the version of the ticket that it knows. */
  readonly token: number;
  readonly version: number;
  /** The number of the last request, and the first one of those whose fate is not known. */
  readonly step: number;
  readonly after: number;
  /** A request under way, whose answer it waits for. */
  readonly waits: boolean;
}

interface Ticket {
  readonly status: "todo" | "in_progress" | "done" | "cancelled";
  readonly token: number;
  readonly version: number;
  readonly isLeased: boolean;
  /** What the conversation says of the call: nothing, that it is about to run, what it gave, that its fate is not known. */
  readonly call: "none" | "intended" | "recorded" | "interrupted";
}

export interface State {
  readonly workers: readonly Worker[];
  readonly ticket: Ticket;
  readonly outcomes: number;
  readonly children: number;
  readonly effects: number;
  /** Times that the conversation says that the fate of the call is not known. */
  readonly interruptions: number;
  /** A person who cancels: the version that was looked at, or nothing yet, or no more. */
  readonly person: number | "none" | "over";
  /** On their way to the server; any of them may arrive at any time, or never. */
  readonly requests: readonly Request[];
  /** Of each worker: the last step that was applied, and what the fence forbids. */
  readonly applied: readonly number[];
  readonly fenced: readonly number[];
  /** Events that may still happen, so that the system is finite. */
  readonly crashes: number;
  readonly expiries: number;
  readonly losses: number;
  /** The most that anybody saw done wrong. */
  readonly wrong: string;
}

const idle: Worker = { phase: "idle", token: 0, version: 0, step: 0, after: 0, waits: false };

export function protocolSystem(
  rules: Protocol,
  budget: { crashes: number; expiries: number; losses: number },
): System<State> {
  return {
    initial: {
      workers: [idle, idle],
      ticket: { status: "todo", token: 0, version: 1, isLeased: false, call: "none" },
      outcomes: 0,
      children: 0,
      effects: 0,
      interruptions: 0,
      person: "none",
      requests: [],
      applied: [0, 0],
      fenced: [0, 0],
      ...budget,
      wrong: "",
    },
    next: (state) => [
      ...state.workers.flatMap((_, worker) => moves(state, worker, rules)),
      ...state.requests.flatMap((request) => arrivals(state, request, rules)),
      ...cancels(state, rules),
      ...(state.ticket.isLeased && (state.expiries > 0 || !isHeld(state))
        ? [
            [
              "the lease runs out",
              {
                ...state,
                expiries: Math.max(0, state.expiries - 1),
                ticket: { ...state.ticket, isLeased: false },
              },
            ] as const,
          ]
        : []),
    ],
    check(state) {
      if (state.wrong !== "") return state.wrong;
      if (state.outcomes > 1) return "a ticket has two outcomes (invariants 4 and 5)";
      if (state.children > 1) return "a handover made two tickets (invariant 3)";
      if (state.effects > 1 + state.interruptions)
        return "an effect took place twice and the conversation does not say so (invariant 6)";
      if (state.ticket.status === "done" && state.children < state.outcomes)
        return "a ticket is done and its follow-up is not there (invariant 3)";
      return undefined;
    },
    checkEnd: ({ ticket, workers }) =>
      isFinal(ticket) || workers.every(({ phase }) => phase === "over")
        ? undefined
        : "nothing can happen any more and the ticket is not done (invariant 5)",
  };
}

/** A person looks at the ticket and cancels it; the cancel is computed from what was seen. */
function cancels(state: State, rules: Protocol): (readonly [string, State])[] {
  const { person, ticket } = state;
  if (person === "over" || (person === "none" && isFinal(ticket))) return [];
  if (person === "none") return [["a person looks", { ...state, person: ticket.version }]];
  const over = { ...state, person: "over" } as const;
  if (rules.versions && person !== ticket.version)
    return [["the cancel conflicts", { ...state, person: "none" }]];
  const cancelled = { ...ticket, status: "cancelled", isLeased: false, version: ticket.version + 1 } as const;
  return [
    ["the cancel arrives", { ...over, ticket: cancelled, outcomes: state.outcomes + 1 }],
    ["the person thinks better of it", over],
  ];
}

/** Whether a worker that is alive has the lease, or is about to learn that it does. */
function isHeld({ workers, ticket, requests }: State): boolean {
  return workers.some(
    ({ phase, token, waits }, place) =>
      phase !== "over" &&
      phase !== "idle" &&
      (token === ticket.token ||
        (phase === "claiming" && waits && !requests.some(({ worker }) => worker === place))),
  );
}

function isFinal({ status }: Ticket): boolean {
  return status === "done" || status === "cancelled";
}

/** What one worker can do by itself. */
function moves(state: State, place: number, rules: Protocol): (readonly [string, State])[] {
  const worker = state.workers[place];
  if (worker === undefined || worker.phase === "over") return [];
  const name = `worker ${place}`;
  const found: (readonly [string, State])[] = [];
  const become = (change: Partial<Worker>, more: Partial<State> = {}): State => ({
    ...state,
    ...more,
    workers: state.workers.map((other, index) => (index === place ? { ...worker, ...change } : other)),
  });
  const send = (kind: Request["kind"], phase: Phase): State => {
    const step = worker.step + 1;
    const request = { worker: place, step, kind, token: worker.token, version: worker.version };
    return become(
      { phase, step, after: step, waits: true },
      { requests: sorted([...state.requests, request]) },
    );
  };
  if (state.crashes > 0 && worker.phase !== "idle") {
    // A new process has another identity; what the old one sent may still arrive.
    found.push([`${name} crashes`, become({ phase: "over", waits: false }, { crashes: state.crashes - 1 })]);
    found.push([`${name} crashes and is started anew`, respawn(state, place)]);
  }
  if (worker.waits && state.losses > 0)
    found.push([`${name} loses its connection`, loseAnswer(state, place)]);
  if (worker.waits) return found;
  switch (worker.phase) {
    case "idle":
      // A claim that would find nothing now changes nothing; one that finds nothing when it arrives is looked at.
      if (isFinal(state.ticket)) found.push([`${name} ends`, become({ phase: "over" })]);
      else if (!state.ticket.isLeased) found.push([`${name} claims`, send("claim", "claiming")]);
      break;
    case "working":
      if (state.ticket.call === "none" || state.ticket.call === "interrupted" || !rules.intents)
        found.push([`${name} says that it will call`, send("intend", "intending")]);
      else found.push([`${name} finishes`, send("finish", "finishing")]);
      break;
    case "running":
      found.push([`${name} runs the call`, become({ phase: "recording" }, { effects: state.effects + 1 })]);
      break;
    case "recording":
      found.push([`${name} records the call`, send("record", "recording")]);
      break;
    default:
  }
  return found;
}

function respawn(state: State, place: number): State {
  return {
    ...state,
    crashes: state.crashes - 1,
    // The old identity's requests can still arrive; they carry the old token and its own steps.
    workers: state.workers.map((worker, index) =>
      index === place ? { ...idle, step: worker.step, after: worker.step } : worker,
    ),
  };
}

/** The answer gets lost. The worker asks on another connection: either the step was applied, or from now on it cannot be. */
function loseAnswer(state: State, place: number): State {
  const losses = state.losses - 1;
  const worker = state.workers[place];
  if (worker === undefined) return state;
  if ((state.applied[place] ?? 0) >= worker.after) return answerApplied({ ...state, losses }, place);
  const step = worker.step + 1;
  const back: Phase = before(worker.phase);
  return {
    ...state,
    losses,
    fenced: state.fenced.map((fence, index) => (index === place ? step : fence)),
    workers: state.workers.map((other, index) =>
      index === place ? { ...worker, phase: back, step, waits: false, version: state.ticket.version } : other,
    ),
  };
}

/** Where a worker stands when its request turns out not to have been applied. */
function before(phase: Phase): Phase {
  switch (phase) {
    case "claiming":
      return "idle";
    case "intending":
    case "finishing":
      return "working";
    default:
      return phase;
  }
}

/** Where it stands when it was. */
function behind(phase: Phase): Phase {
  switch (phase) {
    case "claiming":
      return "working";
    case "intending":
      return "running";
    case "recording":
      return "working";
    case "finishing":
      return "over";
    default:
      return phase;
  }
}

function answerApplied(state: State, place: number): State {
  return {
    ...state,
    workers: state.workers.map((worker, index) =>
      index === place
        ? {
            ...worker,
            phase: behind(worker.phase),
            waits: false,
            version: state.ticket.version,
            token: worker.phase === "claiming" ? state.ticket.token : worker.token,
          }
        : worker,
    ),
  };
}

/** What became of a request that arrived, and the server's state after it. */
interface Received {
  readonly how: "applied" | "conflict" | "lost" | "late";
  readonly after: State;
}

/** A request arrives: applied, refused because something changed, or too late. Or it never does. */
function arrivals(state: State, request: Request, rules: Protocol): (readonly [string, State])[] {
  const { worker: place, step, kind } = request;
  const rest = { ...state, requests: state.requests.filter((other) => other !== request) };
  const worker = state.workers[place];
  const isAwaited = worker?.waits === true && worker.step === step;
  const name = `request ${step} of worker ${place} (${kind})`;
  const { how, after } = receive(rest, request, rules);
  const arrived = [`${name} arrives: ${how}`, isAwaited ? answer(after, place, how) : after] as const;
  // What is awaited is answered, or the connection is lost, which is a move of the worker.
  return isAwaited || how === "late" ? [arrived] : [arrived, [`${name} gets lost`, rest]];
}

function receive(state: State, request: Request, rules: Protocol): Received {
  const { worker: place, step, kind } = request;
  const isLate = step <= (state.fenced[place] ?? 0) || step <= (state.applied[place] ?? 0);
  if (isLate) return { how: "late", after: state };
  const applied = state.applied.map((last, index) => (index === place ? step : last));
  return kind === "claim"
    ? receiveClaim(state, applied, rules)
    : receiveWrite(state, { request, applied, rules });
}

function receiveClaim(state: State, applied: readonly number[], rules: Protocol): Received {
  const { ticket } = state;
  if (ticket.isLeased || isFinal(ticket)) return { how: "lost", after: state };
  // A worker that takes over a call which may have run says so in the conversation.
  const isInterrupted = ticket.call === "intended" && rules.intents;
  const taken: Ticket = {
    status: "in_progress",
    token: ticket.token + 1,
    version: ticket.version + 1,
    isLeased: true,
    call: isInterrupted ? "interrupted" : ticket.call,
  };
  const interruptions = state.interruptions + Number(isInterrupted);
  return { how: "applied", after: { ...state, applied, ticket: taken, interruptions } };
}

function receiveWrite(
  state: State,
  options: { readonly request: Request; readonly applied: readonly number[]; readonly rules: Protocol },
): Received {
  const { request, applied, rules } = options;
  const { ticket } = state;
  const isMine = ticket.status === "in_progress" && ticket.token === request.token;
  if (rules.versions && request.version !== ticket.version) {
    return { how: isMine ? "conflict" : "lost", after: state };
  }
  if (rules.tokens && !isMine) return { how: "lost", after: state };
  const wrong = ticket.token === request.token ? state.wrong : "a stale worker wrote (invariant 1)";
  return { how: "applied", after: { ...state, applied, wrong, ...written(state, request.kind, rules) } };
}

function written(
  { ticket, outcomes, children }: State,
  kind: Request["kind"],
  rules: Protocol,
): Partial<State> {
  const changed = { ...ticket, version: ticket.version + 1 };
  switch (kind) {
    case "intend":
      return { ticket: { ...changed, call: rules.intents ? "intended" : ticket.call } };
    case "record":
      return { ticket: { ...changed, call: "recorded" } };
    case "finish":
      return {
        ticket: { ...changed, status: "done", isLeased: false },
        outcomes: outcomes + 1,
        children: children + Number(rules.oneCommit),
      };
    default:
      return {};
  }
}

/** The worker learns what became of its request. */
function answer(state: State, place: number, how: Received["how"]): State {
  if (how === "applied") return answerApplied(state, place);
  return {
    ...state,
    workers: state.workers.map((worker, index) =>
      index === place
        ? {
            ...worker,
            phase: how === "conflict" ? before(worker.phase) : "idle",
            waits: false,
            version: state.ticket.version,
          }
        : worker,
    ),
  };
}

/** One order, so that the same requests are the same state. */
function sorted(requests: readonly Request[]): readonly Request[] {
  return [...requests].sort((left, right) => left.worker - right.worker || left.step - right.step);
}
