import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "blue" | "cyan" | "magenta" | "dim" | "bold";

/** Where lines go; what it can do is found out once. */
export interface Terminal {
  /** A person sits in front of it. */
  readonly isTerminal: boolean;
  /** Lines can be drawn again in place. */
  readonly isLive: boolean;
  readonly hasColours: boolean;
  /** Columns of a line; no end of them where nothing is drawn. */
  columns(): number;
  rows(): number;
  write(text: string): void;
  paint(colour: Colour, text: string): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colour on a terminal that has it; `FORCE_COLOR` and `NO_COLOR` go first, in this order, as in Node. */
export function openTerminal(stream: NodeJS.WriteStream, env: Environment = process.env): Terminal {
  const isTerminal = stream.isTTY === true;
  const hasColours = wantsColours(env, () => isTerminal && stream.hasColors());
  return {
    isTerminal,
    isLive: isTerminal && env.TERM !== "dumb",
    hasColours,
    columns: () => (isTerminal ? stream.columns || 80 : Number.POSITIVE_INFINITY),
    rows: () => (isTerminal ? stream.rows || 24 : Number.POSITIVE_INFINITY),
    write: (text) => void stream.write(text),
    paint: (colour, text) => (hasColours ? styleText(colour, text, { validateStream: false }) : text),
  };
}

export function wantsColours({ FORCE_COLOR, NO_COLOR, TERM }: Environment, detect: () => boolean): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return TERM !== "dumb" && detect();
}
