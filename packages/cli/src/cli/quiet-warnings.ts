/**
 * Keeps two kinds of Node's own warnings off standard error: that SQLite and type stripping are new, and that a user's
 * package.json does not say which kind of modules it holds. All others are shown as Node shows them.
 */
export function quietWarnings(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]): void => {
    const [options] = rest;
    const type = typeof options === "string" ? options : readText(options, "type");
    const code = typeof rest[1] === "string" ? rest[1] : readText(options, "code");
    if (type === "ExperimentalWarning" || code === "MODULE_TYPELESS_PACKAGE_JSON") return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}

function readText(options: unknown, key: "type" | "code"): string | undefined {
  if (typeof options !== "object" || options === null || !(key in options)) return undefined;
  const value: unknown = Reflect.get(options, key);
  return typeof value === "string" ? value : undefined;
}
