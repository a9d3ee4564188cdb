import type { Example } from "./extract-examples.ts";

/** The packages that examples of a page import and that no `npm install` above the import names, each told with its line. */
export function missingInstalls(markdown: string, examples: readonly Example[]): string[] {
  const lines = markdown.split("\n");
  return examples.flatMap(({ page, line: firstLine, code }) =>
    importsOf(code).flatMap(({ name, line }) => {
      const at = firstLine + line;
      const installed = lines.slice(0, at).flatMap(installedBy);
      return installed.includes(name) ? [] : [`${page}:${at}: ${name} is imported and not installed above.`];
    }),
  );
}

/** The packages that code imports, each with its line, counted from 0. */
function importsOf(code: string): { readonly name: string; readonly line: number }[] {
  return [...code.matchAll(/(?:\bfrom\s|\bimport[\s(])\s*"([^"]+)"/g)].flatMap((match) => {
    const name = packageOf(match[1] ?? "");
    return name === undefined ? [] : [{ name, line: code.slice(0, match.index).split("\n").length - 1 }];
  });
}

/** `@scope/name` of `@scope/name/subpath`; nothing for Node's own modules and for files. */
function packageOf(path: string): string | undefined {
  return path.startsWith("node:") ? undefined : /^(?:@[^/]+\/)?[^./@][^/]*/.exec(path)?.[0];
}

/** What the command of a line installs, in a block or in the text. */
function installedBy(line: string): readonly string[] {
  const [, command = ""] = /\bnpm install ([^`#]*)/.exec(line) ?? [];
  return command.split(/\s+/).filter((word) => word !== "" && !word.startsWith("-"));
}
