import { UsageError } from "../cli/usage-error.ts";

/** A configuration that cannot be used, with the field by its path: `agents[0].tools[2]`. */
export class ConfigError extends UsageError {
  override name = "ConfigError";
  readonly field: string | undefined;

  constructor(message: string, options: { readonly field?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.field = options.field;
  }
}
