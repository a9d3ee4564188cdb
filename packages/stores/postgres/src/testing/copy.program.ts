// Copies a store, and says how far it is, until it is done or killed.
import { copyStore } from "../copy-store.ts";

const [from = "", to = "", namespace = "default"] = process.argv.slice(2);
const report = await copyStore(
  { url: from, namespace },
  { url: to, namespace },
  { onProgress: ({ phase }) => process.stdout.write(`${phase}\n`) },
);
process.stdout.write(`done ${JSON.stringify(report)} ${process.resourceUsage().maxRSS}\n`);
