#!/usr/bin/env node
import { runMain } from "@agentwerk/use-cases-shared/run-main";

await runMain("terminal-repl", () => import("./cli/run-cli.ts"));
