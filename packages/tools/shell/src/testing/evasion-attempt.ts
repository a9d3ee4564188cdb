/** An attempt to run or write something that no pattern allows. Each would leave a file named `canary` behind. */
export interface EvasionAttempt {
  readonly command: string;
  /** Why the command leaves no canary on every machine even when nothing holds it back. */
  readonly inert?: string;
}

export const touch = "touch canary";

export function attempts(...commands: readonly string[]): readonly EvasionAttempt[] {
  return commands.map((command) => ({ command }));
}

export function inertAttempts(inert: string, ...commands: readonly string[]): readonly EvasionAttempt[] {
  return commands.map((command) => ({ command, inert }));
}
