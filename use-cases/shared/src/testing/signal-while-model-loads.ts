/** The environment of a program that gets a signal at the moment at which it loads the package of its model. */
export function signalWhileModelLoads(signal: NodeJS.Signals): Record<string, string> {
  const hook = `import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) {
      if (url.endsWith("/mistral/src/index.ts")) process.emit("${signal}", "${signal}");
      return next(url, context);
    } });`;
  return {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    MISTRAL_API_KEY: "key",
  };
}
