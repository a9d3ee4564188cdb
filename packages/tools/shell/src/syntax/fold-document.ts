import type { ParsedScript } from "unbash";
import { readHereDocument } from "./read-here-document.ts";

/**
 * The text of `$(cat <<'EOF' … EOF)`, the usual way to write a long argument; undefined for any other substitution and
 * for a document with expansions. It needs no command to be known.
 */
export function foldDocument(script: ParsedScript | undefined): string | undefined {
  const [statement, ...others] = script?.commands ?? [];
  if (script?.errors !== undefined || others.length > 0 || statement?.background) return undefined;
  const command = statement?.command;
  if (command?.type !== "Command" || command.name?.text !== "cat") return undefined;
  const [document, ...more] = [...command.prefix, ...command.suffix];
  if (document?.type !== "HereDoc" || document.descriptor !== undefined || more.length > 0) return undefined;
  // A substitution loses the newlines at its end.
  return readHereDocument(document)?.replace(/\n+$/, "");
}
