import { parse } from "unbash";
import type { CompiledCommand } from "./compiled-command.ts";
import { Refusal } from "./refusal.ts";
import { ScriptCompiler } from "./script-compiler.ts";

/** Longest command in characters; what an agent writes is far shorter. */
const longestCommand = 50_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused.
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Parses a command line and prints it again in a form that leaves bash nothing to interpret: each static word in
 * single quotes, each structure from its syntax tree. A misreading by the parser can therefore change what a command
 * does, never what was checked.
 * @throws Refusal for what cannot be parsed or cannot be known before it runs.
 */
export function compileCommand(source: string): CompiledCommand {
  if (source.length > longestCommand) {
    throw new Refusal(`The command is longer than ${longestCommand} characters; write a file instead.`);
  }
  const control = controlCharacter.exec(source)?.[0];
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).padStart(4, "0");
    throw new Refusal(
      `The command contains the control character U+${code}; end lines with a plain newline.`,
    );
  }
  if (!source.isWellFormed()) throw new Refusal("The command is not valid Unicode.");
  try {
    const compiler = new ScriptCompiler();
    const script = compiler.script(parse(source));
    return { script, commands: compiler.commands, files: compiler.files, functions: [...compiler.functions] };
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal("The command is nested too deeply.");
    throw error;
  }
}
