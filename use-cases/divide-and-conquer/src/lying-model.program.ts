// The use case with a model that adds one to every sum it writes: the checks have to find out.
import { runCli } from "./cli/run-cli.ts";
import { startSimulatedModel } from "./model/choose-model.ts";
import { simulatedReply } from "./model/simulated-model.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  chooseModel: () =>
    startSimulatedModel((conversation) => {
      const reply = simulatedReply(conversation);
      if (typeof reply === "string") return reply;
      const toolCalls = reply.toolCalls?.map((call) =>
        call.name === "write_result" ? { ...call, input: withWrongSum(call.input) } : call,
      );
      return { ...reply, toolCalls };
    }),
});

function withWrongSum(input: unknown): unknown {
  const { sum, ...rest } = input as { readonly sum: string };
  return { ...rest, sum: /^\d+$/.test(sum) ? String(BigInt(sum) + 1n) : sum };
}
