import type {
  AndOr,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionNode,
  If,
  ParsedScript,
  Pipeline,
  Redirection,
  Statement,
  Word,
} from "unbash";
import { compileRedirection } from "./compile-redirection.ts";
import { compileWord } from "./compile-word.ts";
import type { RedirectedFile, SimpleCommand } from "./compiled-command.ts";
import { Refusal } from "./refusal.ts";
import { quote, type ShellWord } from "./shell-word.ts";

/** Functions get names that no program has: a call before the definition then runs nothing. */
const functionPrefix = "agentwerk_function_";

/** Prints syntax trees as scripts and notes what they run and open. One object for one command line. */
export class ScriptCompiler {
  readonly commands: SimpleCommand[] = [];
  readonly files: RedirectedFile[] = [];
  readonly functions: Set<string> = new Set();

  readonly #compileScript = (script: ParsedScript | undefined): string => {
    if (script === undefined) throw new Refusal("A substitution could not be parsed.");
    return this.script(script);
  };

  script(script: ParsedScript): string {
    const error = script.errors?.[0];
    if (error !== undefined) {
      throw new Refusal(`The command cannot be parsed: ${error.message} at character ${error.pos + 1}.`);
    }
    return this.#statements(script.commands);
  }

  #statements(statements: readonly Statement[]): string {
    if (statements.length === 0) throw new Refusal("The command is empty.");
    return statements
      .map(({ command, background }) => `${this.#node(command)}${background ? " &" : ""}`)
      .join("\n");
  }

  #list(list: CompoundList): string {
    return this.#statements(list.commands);
  }

  #node(node: CommandNode | Pipeline | AndOr): string {
    switch (node.type) {
      case "AndOr":
        return this.#joined(node.commands, node.operators);
      case "Pipeline":
        return this.#pipeline(node);
      case "Command":
        return this.#command(node);
      case "Redirected":
        return [this.#node(node.command), ...this.#redirections(node.redirects)].join(" ");
      case "Subshell":
        return `(\n${this.#list(node.body)}\n)`;
      case "BraceGroup":
        return `{\n${this.#list(node.body)}\n}`;
      case "If":
        return this.#if(node);
      case "While":
        return `${node.kind}\n${this.#list(node.clause)}\ndo\n${this.#list(node.body)}\ndone`;
      case "For":
        return this.#for(node);
      case "Case":
        return this.#case(node);
      case "Function":
        return this.#function(node);
      case "TestCommand":
        throw new Refusal("[[ … ]] can run code in its operands; use [ … ].");
      case "ArithmeticCommand":
      case "ArithmeticFor":
        throw new Refusal("Arithmetic commands can run code in their operands; they are not allowed.");
      case "Select":
      case "Coproc":
        throw new Refusal(`${node.type.toLowerCase()} is not allowed.`);
      default:
        throw new Refusal("The command contains a form that is not supported.");
    }
  }

  #joined(nodes: readonly (CommandNode | Pipeline)[], operators: readonly string[]): string {
    if (nodes.length !== operators.length + 1) throw new Refusal("The command is incomplete.");
    return nodes
      .map((node, index) => (index === 0 ? "" : `${operators[index - 1]} `) + this.#node(node))
      .join(" ");
  }

  #pipeline({ prefixes, commands, operators }: Pipeline): string {
    const words = prefixes.map((prefix) => {
      if (prefix.type === "Negation") return "!";
      return prefix.posix === undefined ? "time" : "time -p";
    });
    return [...words, this.#joined(commands, operators)].join(" ");
  }

  #command({ name, prefix, args, redirects }: Command): string {
    const assignments = prefix.filter((item) => item.type === "Assignment");
    if (name === undefined) return this.#bare(assignments.length, redirects);
    const words = [this.#word(name)];
    for (const argument of args) {
      if (argument.type === "Assignment" && argument.index !== undefined)
        throw new Refusal("Arrays are not allowed.");
      words.push(argument.type === "Word" ? this.#word(argument) : this.#assignmentWord(argument));
    }
    const variables = assignments.map((assignment) => {
      const { value } = this.#assignmentWord(assignment);
      if (value === undefined)
        throw new Refusal(`${assignment.text}: a variable may only be set to plain text.`);
      return value;
    });
    const redirections = this.#redirections(redirects);
    const [first] = words;
    if (first?.value !== undefined && variables.length === 0 && this.functions.has(first.value)) {
      words[0] = { ...first, script: quote(functionPrefix + first.value) };
    } else {
      this.commands.push({ assignments: variables, words });
    }
    return [...variables.map(printVariable), ...words.map(({ script }) => script), ...redirections].join(" ");
  }

  #assignmentWord({
    name,
    value,
    append,
    index,
    text,
  }: Command["prefix"][number] & { type: "Assignment" }): ShellWord {
    if (value.type !== "Word" || append || index !== undefined) {
      throw new Refusal(`${text}: only plain assignments are understood.`);
    }
    const word = this.#word(value);
    const known = word.value === undefined ? undefined : `${name}=${word.value}`;
    return { script: quote(`${name}=`) + word.script, value: known, prefix: `${name}=${word.prefix}` };
  }

  /** What stands without a command: `$(< file)` opens a file; setting variables has no use where none are read. */
  #bare(assignments: number, redirects: readonly Redirection[]): string {
    if (assignments > 0)
      throw new Refusal("Setting a variable on its own is not allowed; write the value out.");
    if (redirects.length === 0) throw new Refusal("The command is empty.");
    return this.#redirections(redirects).join(" ");
  }

  #redirections(redirects: readonly Redirection[]): readonly string[] {
    return redirects.map((redirect) => {
      const { script, file } = compileRedirection(redirect, this.#compileScript);
      if (file !== undefined) this.files.push(file);
      return script;
    });
  }

  #if({ clause, then, elif, else: otherwise }: If): string {
    const more = elif.map((part) => `elif\n${this.#list(part.clause)}\nthen\n${this.#list(part.then)}\n`);
    const last = otherwise === undefined ? "" : `else\n${this.#list(otherwise)}\n`;
    return `if\n${this.#list(clause)}\nthen\n${this.#list(then)}\n${more.join("")}${last}fi`;
  }

  #for({ name, wordlist, body }: For): string {
    // Lower case: no variable that a program or the shell itself obeys has such a name.
    if (!/^[a-z][a-z0-9_]*$/.test(name.text) || /proxy$|^npm_|^histchars$|^auto_resume$/.test(name.text)) {
      throw new Refusal(`${name.text}: a loop variable is a plain name in lower case.`);
    }
    if (wordlist === undefined) throw new Refusal("A for loop names its words: for name in …");
    const words = wordlist.map((word) => this.#word(word).script);
    return `for ${name.text} in ${words.join(" ")}\ndo\n${this.#list(body)}\ndone`;
  }

  #case({ word, items }: Case): string {
    const printed = items.map(({ pattern, body, terminator }) => {
      const patterns = pattern.map((part) => this.#word(part).script).join(" | ");
      const inner = body.commands.length === 0 ? "" : `${this.#list(body)}\n`;
      return `(${patterns})\n${inner}${terminator ?? ";;"}\n`;
    });
    return `case ${this.#word(word).script} in\n${printed.join("")}esac`;
  }

  #function({ name, body }: FunctionNode): string {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text)) {
      throw new Refusal(`${name.text}: a function has a plain name.`);
    }
    if (body.type === "CompoundList")
      throw new Refusal("The command cannot be parsed: the function has no body.");
    // The name becomes known after its body: a function that calls itself is refused as an unknown command.
    const printed = this.#node(body);
    this.functions.add(name.text);
    return `${functionPrefix}${name.text}() ${printed}`;
  }

  #word(word: Word): ShellWord {
    return compileWord(word, this.#compileScript);
  }
}

function printVariable(assignment: string): string {
  const split = assignment.indexOf("=");
  return `${assignment.slice(0, split)}=${quote(assignment.slice(split + 1))}`;
}
