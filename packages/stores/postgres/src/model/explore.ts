/** A finite system whose every run can be looked at. States are plain JSON values. */
export interface System<State> {
  readonly initial: State;
  /** All steps that can happen next, each with a name for the report. */
  next(state: State): readonly (readonly [name: string, state: State])[];
  /** What is wrong with a state; nothing if it is as it has to be. */
  check(state: State): string | undefined;
  /** What is wrong with the end of a run, a state from which nothing can happen any more. */
  checkEnd?(state: State): string | undefined;
}

export interface Exploration {
  readonly states: number;
  readonly ends: number;
  /** The shortest run to a state that is wrong. */
  readonly violation: { readonly problem: string; readonly steps: readonly string[] } | undefined;
}

/** Visits every state that can be reached, by breadth first, so that a violation comes with a shortest run to it. */
export function explore<State>(system: System<State>, most = 2_000_000): Exploration {
  const first = JSON.stringify(system.initial);
  const from: Origins = new Map([[first, undefined]]);
  let level = [first];
  let ends = 0;
  while (level.length > 0) {
    const following: string[] = [];
    for (const text of level) {
      const state: State = JSON.parse(text);
      const nexts = system.next(state);
      const isEnd = nexts.length === 0;
      const problem = system.check(state) ?? (isEnd ? system.checkEnd?.(state) : undefined);
      if (problem !== undefined)
        return { states: from.size, ends, violation: { problem, steps: pathTo(text, from) } };
      ends += Number(isEnd);
      following.push(...newStates(nexts, text, from));
    }
    if (from.size > most) throw new Error(`More than ${most} states: make the system smaller.`);
    level = following;
  }
  return { states: from.size, ends, violation: undefined };
}

type Origins = Map<string, readonly [name: string, before: string] | undefined>;

/** Those that were not seen before; from now on they are. */
function newStates<State>(
  nexts: readonly (readonly [string, State])[],
  before: string,
  from: Origins,
): readonly string[] {
  const found: string[] = [];
  for (const [name, state] of nexts) {
    const text = JSON.stringify(state);
    if (from.has(text)) continue;
    from.set(text, [name, before]);
    found.push(text);
  }
  return found;
}

function pathTo(
  text: string,
  from: ReadonlyMap<string, readonly [string, string] | undefined>,
): readonly string[] {
  const steps: string[] = [];
  for (let at = from.get(text); at !== undefined; at = from.get(at[1])) steps.unshift(at[0]);
  return steps;
}
