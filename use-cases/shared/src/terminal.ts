import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";

/** Where lines go; what it can do is found out once. */
export interface Terminal {
  /** A line can be drawn again in place. */
  readonly isLive: boolean;
  /** Characters that fit on a line. */
  columns(): number;
  write(text: string): void;
  paint(colour: Colour, text: string): string;
}

/** Colour only on a terminal that has it; `NO_COLOR` and `TERM=dumb` are heeded. */
export function openTerminal(stream: NodeJS.WriteStream): Terminal {
  const isTerminal = stream.isTTY === true;
  const hasColours = isTerminal && stream.hasColors();
  return {
    isLive: isTerminal && process.env.TERM !== "dumb",
    columns: () => (isTerminal ? stream.columns : Number.POSITIVE_INFINITY),
    write: (text) => void stream.write(text),
    paint: (colour, text) => (hasColours ? styleText(colour, text, { validateStream: false }) : text),
  };
}
