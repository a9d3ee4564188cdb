import { toFigure } from "./table.ts";

export interface Goal {
  readonly name: string;
  readonly value: number;
  /** The value is to be at most this. */
  readonly most: number;
  readonly unit: string;
}

/** `reached` or `NOT reached`, with the figure and the goal. */
export function formatGoal({ name, value, most, unit }: Goal): string {
  const verdict = value <= most ? "reached    " : "NOT reached";
  return `${verdict}  ${name}: ${toFigure(value)} ${unit}, goal at most ${most} ${unit}`;
}
