// npm run build [-- <turbo filter>…]: installs and builds, everything unless told.
import { build, install } from "./lib/workspace.mjs";

await install();
await build(...process.argv.slice(2));
