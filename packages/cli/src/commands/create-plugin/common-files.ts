import { createRequire } from "node:module";
import type { PluginNames } from "./plugin-names.ts";
import type { Template } from "./template.ts";

/** What every plugin has, whatever it brings. */
export function commonFiles(names: PluginNames, template: Template): Readonly<Record<string, string>> {
  return {
    "package.json": `${JSON.stringify(manifest(names, template), undefined, 2)}\n`,
    "tsconfig.json": `${JSON.stringify(tsconfig, undefined, 2)}\n`,
    "tsconfig.build.json": `${JSON.stringify(buildConfig, undefined, 2)}\n`,
    "README.md": readme(names, template),
    ".gitignore": "node_modules/\ndist/\n",
  };
}

function manifest(
  names: PluginNames,
  { description, keywords, peers = [], testPackages = [] }: Template,
): object {
  const range = `^${coreVersion()}`;
  const ranges = (packages: readonly string[]) => Object.fromEntries(packages.map((name) => [name, range]));
  const ours = ["@agentwerk/core", ...peers];
  return {
    name: names.packageName,
    version: "0.1.0",
    description,
    keywords: ["agentwerk-plugin", ...keywords],
    license: "MIT",
    type: "module",
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    files: ["dist"],
    engines: { node: ">=22.13" },
    scripts: {
      build: "tsc -p tsconfig.build.json",
      check: "tsc",
      test: "vitest run",
      prepack: "npm run build",
    },
    peerDependencies: ranges(ours),
    devDependencies: {
      ...ranges([...ours, ...testPackages].sort()),
      "@types/node": ">=22",
      "fast-check": "^4.0.0",
      typescript: ">=5.9",
      vitest: ">=3",
    },
  };
}

function coreVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("@agentwerk/core/package.json");
  const version = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : "";
  return String(version);
}

const tsconfig = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src"],
};

const buildConfig = {
  extends: "./tsconfig.json",
  compilerOptions: { noEmit: false, declaration: true, rootDir: "src", outDir: "dist" },
  exclude: ["src/**/*.test.ts"],
};

function readme(names: PluginNames, { description, usage }: Template): string {
  return `# ${names.packageName}

${description}.

\`\`\`sh
npm install ${names.packageName}
\`\`\`

In \`agentwerk.config.ts\`:

\`\`\`ts
${usage(names)}
\`\`\`
`;
}
