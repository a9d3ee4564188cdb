import type { Options } from "tsup";
import { defineConfig } from "tsup";

/**
 * The build of every package: JavaScript from tsup; declarations come from `tsc`, because tsup's own need a compiler
 * API that TypeScript 7 does not have.
 */
export function packageBuild(entry: Record<string, string>): ReturnType<typeof defineConfig> {
  const options: Options = {
    entry,
    format: "esm",
    target: "node22",
    platform: "node",
    dts: false,
    clean: true,
    splitting: true,
    sourcemap: false,
    // `node:sqlite` and `node:test` exist only with the prefix.
    removeNodeProtocol: false,
    silent: true,
  };
  return defineConfig(options);
}
