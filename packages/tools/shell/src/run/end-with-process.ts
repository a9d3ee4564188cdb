import { type ChildProcess, spawn } from "node:child_process";
import { signalGroup } from "./process-group.ts";

/*
 * A command must not outlive the process that waits for it: whoever takes the ticket over would work beside it. A
 * process that exits ends its groups itself; one that was killed cannot, so a small shell does it, which is told of
 * each group and sees the end of this process in the end of its input.
 */

/** The groups of the commands that run. */
const groups = new Set<number>();
let guard: ChildProcess | undefined;
let listens = false;

/** To be called before a command starts, so that next to no time passes between its start and {@link endWithProcess}. */
export function prepareToEnd(): void {
  guard ??= startGuard();
  if (listens) return;
  listens = true;
  process.once("exit", () => {
    for (const left of groups) signalGroup(left, "SIGKILL");
  });
}

/** Ends a process group when this process ends, however it goes; the returned function takes that back. */
export function endWithProcess(group: number): () => void {
  groups.add(group);
  tell(guard, `+ ${group}`);
  return () => {
    groups.delete(group);
    tell(guard, `- ${group}`);
  };
}

const guardScript = `trap "" HUP INT TERM
left=" "
while read -r what group; do
  case $what in
    +) left="$left$group " ;;
    -) left="\${left%% $group *} \${left#* $group }" ;;
  esac
done
set -- $left
[ $# -eq 0 ] && exit
for group; do kill -s TERM -- "-$group"; done
sleep 1
for group; do kill -s KILL -- "-$group"; done`;

/** One for all commands of this process; a lost one is replaced with the next command. */
function startGuard(): ChildProcess {
  const started = spawn("/bin/sh", ["-c", guardScript], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    detached: true,
  });
  const forget = (): void => {
    if (guard === started) guard = undefined;
  };
  started.once("error", forget);
  started.once("exit", forget);
  started.stdin?.on("error", forget);
  // Neither of them keeps this process from its end.
  started.unref();
  if (hasUnref(started.stdin)) started.stdin.unref();
  for (const group of groups) tell(started, `+ ${group}`);
  return started;
}

function tell(to: ChildProcess | undefined, line: string): void {
  if (to?.stdin?.writable === true) to.stdin.write(`${line}\n`);
}

function hasUnref(value: unknown): value is { unref(): void } {
  return typeof value === "object" && value !== null && "unref" in value && typeof value.unref === "function";
}
