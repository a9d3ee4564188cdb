// Copies a store until it is done, or stops in the middle of it, to be killed there.
import { copyStore } from "../copy-store.ts";

const [from = "", to = "", namespace = "default", stopAt = ""] = process.argv.slice(2);
const report = await copyStore(
  { url: from, namespace },
  { url: to, namespace },
  {
    onProgress(progress) {
      if (stopAt === "" || progress.phase !== "copying") return;
      const { copied, of } = progress;
      if (copied.tickets + copied.events < Number(stopAt) * (of.tickets + of.events)) return;
      process.stdout.write("stopped\n");
      process.kill(process.pid, "SIGSTOP");
    },
  },
);
process.stdout.write(`done ${JSON.stringify(report)}\n`);
