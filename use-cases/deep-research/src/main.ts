#!/usr/bin/env node
import { runMain } from "@agentwerk/use-cases-shared/run-main";

await runMain("deep-research", () => import("./cli/run-cli.ts"));
