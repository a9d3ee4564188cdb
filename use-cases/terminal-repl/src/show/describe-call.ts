import type { PendingCall } from "@agentwerk/core";
import { sanitizeLine, type Terminal } from "@agentwerk/use-cases-shared";
import { escapeHidden } from "./escape-hidden.ts";

/** A call that waits for consent: all of it, exactly, each argument on its own lines. */
export function describeCall({ tool, input }: PendingCall, { paint }: Terminal): string {
  const head = `${paint("yellow", "?")} ${paint("bold", sanitizeLine(tool))} asks to run:`;
  const entries = typeof input === "object" && input !== null ? Object.entries(input) : [["input", input]];
  const lines = entries.map(([name, value]) => {
    const text = escapeHidden(typeof value === "string" ? value : JSON.stringify(value));
    const body = text.includes("\n") ? `\n${indent(text, 6)}` : ` ${text}`;
    return `    ${paint("dim", `${sanitizeLine(String(name))}:`)}${body}`;
  });
  return [head, ...lines].join("\n");
}

function indent(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => " ".repeat(columns) + line)
    .join("\n");
}
