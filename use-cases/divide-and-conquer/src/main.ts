#!/usr/bin/env node
import { runMain } from "@agentwerk/use-cases-shared/run-main";

await runMain("divide-and-conquer", () => import("./cli/run-cli.ts"));
