import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  publishedPackages,
  rootManifest,
  workspacePackages,
  workspaceRoot,
} from "../support/workspace-packages.ts";

const catalog = "catalog:";

describe.each(workspacePackages)("$folder", ({ manifest }) => {
  test("takes every outside version from the catalog", () => {
    const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
    const elsewhere = Object.entries(dependencies).filter(
      ([, version]) => version !== catalog && !version.startsWith("workspace:"),
    );
    expect(elsewhere).toEqual([]);
  });

  test("is an ES module for Node 22.13 and later, under the MIT license", () => {
    expect(manifest).toMatchObject({ type: "module", license: "MIT", engines: { node: ">=22.13" } });
    expect(manifest.description).toBeTruthy();
  });
});

describe.each(publishedPackages)("the published $folder", ({ folder, manifest }) => {
  test("leads each export with its source for this workspace, then the types, then the code", () => {
    for (const [path, target] of Object.entries(manifest.exports ?? {})) {
      if (path === "./package.json") continue;
      expect(Object.keys(target)).toEqual(["@agentwerk/source", "types", "default"]);
      const source = (target as Record<string, string>)["@agentwerk/source"] ?? "";
      expect(existsSync(join(workspaceRoot, folder, source)), source).toBe(true);
      const built = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
      expect(target).toMatchObject({ types: `${built}.d.ts`, default: `${built}.js` });
    }
  });

  test("publishes the same exports without their sources", () => {
    const withoutSources = Object.fromEntries(
      Object.entries(manifest.exports ?? {}).map(([path, target]) => {
        if (typeof target === "string") return [path, target];
        const { "@agentwerk/source": _source, ...published } = target;
        return [path, published];
      }),
    );
    expect(manifest.publishConfig?.exports).toEqual(withoutSources);
    // The order decides which condition wins.
    expect(JSON.stringify(manifest.publishConfig?.exports)).toBe(JSON.stringify(withoutSources));
  });

  test("ships its build and nothing else", () => {
    expect(manifest.files).toEqual(["dist", "CHANGELOG.md"]);
  });

  // The command line sits on top of all packages and brings them along.
  test.runIf(folder !== "packages/cli")("has packages of this workspace as peers only", () => {
    expect(Object.keys(manifest.dependencies ?? {}).filter(isOurs)).toEqual([]);
  });

  test("tests against every peer from the workspace", () => {
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter(isOurs);
    for (const peer of peers) {
      expect(manifest.peerDependencies?.[peer]).toBe("workspace:^");
      expect(manifest.devDependencies?.[peer]).toBe("workspace:*");
    }
  });
});

/** docs/decisions/0009: LiteLLM speaks OpenAI's wire format, whose mapping has one home. */
const peersByDecision: Readonly<Record<string, readonly string[]>> = {
  "@agentwerk/litellm": ["@agentwerk/openai"],
};

const plugins = publishedPackages.filter(({ folder }) =>
  /^packages\/(providers|tools|knowledge|stores|mcp)\b/.test(folder),
);

describe.each(plugins)("the plugin $folder", ({ manifest }) => {
  test("can be found as a plugin and has the core as a peer", () => {
    expect(manifest.keywords).toContain("agentwerk-plugin");
    expect(manifest.peerDependencies).toHaveProperty(["@agentwerk/core"]);
    expect(manifest.peerDependenciesMeta?.["@agentwerk/core"]?.optional ?? false).toBe(false);
  });

  test("has no other plugin as a peer, unless it picks from what is installed", () => {
    const decided = ["@agentwerk/core", ...(peersByDecision[manifest.name] ?? [])];
    const otherPlugins = Object.keys(manifest.peerDependencies ?? {}).filter(
      (name) => isOurs(name) && !decided.includes(name),
    );
    const required = otherPlugins.filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true);
    expect(manifest.name === "@agentwerk/providers" ? required : otherPlugins).toEqual([]);
  });
});

test("the core needs nothing but the JSON Schema validator", () => {
  const core = publishedPackages.find(({ manifest }) => manifest.name === "@agentwerk/core");
  expect(Object.keys(core?.manifest.dependencies ?? {})).toEqual(["@cfworker/json-schema"]);
  const peers = Object.keys(core?.manifest.peerDependencies ?? {});
  expect(peers.filter((name) => core?.manifest.peerDependenciesMeta?.[name]?.optional !== true)).toEqual([]);
});

test("the root takes every outside version from the catalog", () => {
  const outside = Object.entries(rootManifest.devDependencies ?? {}).filter(([name]) => !isOurs(name));
  expect(new Set(outside.map(([, version]) => version))).toEqual(new Set([catalog]));
});

function isOurs(name: string): boolean {
  return workspacePackages.some(({ manifest }) => manifest.name === name);
}
