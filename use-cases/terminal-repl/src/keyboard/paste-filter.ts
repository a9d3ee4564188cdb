import { sanitize } from "@agentwerk/use-cases-shared";

/** Turned on, a terminal puts these around what is pasted. */
export const pasteModeOn = "\u001b[?2004h";
export const pasteModeOff = "\u001b[?2004l";
const pasteStart = "\u001b[200~";
const pasteEnd = "\u001b[201~";

/** Stands for a line break within the one line that is edited. */
export const lineBreakMark = "␊";

export interface Keys {
  readonly kind: "typed" | "pasted";
  readonly text: string;
}

/**
 * Tells what was pasted from what was typed, wherever the terminal's output is cut. Pasted text can neither submit a line
 * nor press a key: its line breaks become marks, its control characters go.
 */
export class PasteFilter {
  #held = "";
  #isPasting = false;

  push(chunk: string): readonly Keys[] {
    const keys: Keys[] = [];
    let rest = this.#held + chunk;
    this.#held = "";
    while (rest !== "") {
      const marker = this.#isPasting ? pasteEnd : pasteStart;
      const at = rest.indexOf(marker);
      const held = at === -1 ? beginningAtEnd(rest, marker, this.#isPasting) : 0;
      const text = at === -1 ? rest.slice(0, rest.length - held) : rest.slice(0, at);
      if (text !== "") keys.push(this.#isPasting ? pasted(text) : { kind: "typed", text });
      this.#held = rest.slice(rest.length - held, held === 0 ? 0 : undefined);
      if (at === -1) break;
      this.#isPasting = !this.#isPasting;
      rest = rest.slice(at + marker.length);
    }
    return keys;
  }
}

function pasted(text: string): Keys {
  const clean = sanitize(text.replaceAll(/\r\n?/g, "\n")).replaceAll("\t", "  ");
  return { kind: "pasted", text: clean.replaceAll("\n", lineBreakMark) };
}

/** How much of a marker stands at the end of a text that may go on. A lone escape is a key; within a paste there are no keys. */
function beginningAtEnd(text: string, marker: string, isPasting: boolean): number {
  if (isPasting && text.endsWith("\r")) return 1;
  for (let length = marker.length - 1; length >= (isPasting ? 1 : 2); length--) {
    if (text.endsWith(marker.slice(0, length))) return length;
  }
  return 0;
}
