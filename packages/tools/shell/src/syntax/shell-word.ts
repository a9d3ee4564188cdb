/** One word of a command after quoting was resolved. */
export interface ShellWord {
  /** What bash gets: static text in single quotes, so that nothing in it means anything. */
  readonly script: string;
  /** The word as the command will see it; absent when it is known only at run time. */
  readonly value: string | undefined;
  /** How the word begins for certain; empty when even that is unknown. */
  readonly prefix: string;
}

/** Puts text into single quotes, the one form in which bash reads every character as itself. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function staticWord(value: string): ShellWord {
  return { script: quote(value), value, prefix: value };
}
