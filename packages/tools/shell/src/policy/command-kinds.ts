/** The last segment of a path: commands count by it, wherever they lie. */
export function bareName(command: string): string {
  return command.slice(command.lastIndexOf("/") + 1);
}

/** Builtins after which a checked word may mean something else, or that run text as a command. */
export const stateBuiltins: ReadonlySet<string> = new Set(
  `. alias bind builtin command compgen complete compopt coproc declare dirs disown enable eval exec export fc
  getopts hash history let local logout mapfile newgrp read readarray readonly set shift shopt source suspend
  trap typeset ulimit umask unalias unset`.split(/\s+/),
);

/** Commands that run the command among their arguments. */
export const wrappers: ReadonlySet<string> = new Set(
  `aa-exec busybox catchsegv chpst chroot chronic chrt cpulimit dbus-run-session doas entr env envdir fakeroot firejail
  flatpak-spawn flock gosu i386 ionice linux32 linux64 ltrace machinectl nice nohup nsenter numactl parallel perf pkexec
  pkgexec prlimit proot proxychains proxychains4 rlwrap run0 runcon runuser runwith script schedtool setarch setpriv
  setsid setuidgid sg softlimit ssh stdbuf strace su su-exec sudo systemd-run taskset tini time timeout toybox torsocks
  toolbox tsocks unbuffer unshare valgrind watch watchexec xargs xvfb-run nodemon rsh bwrap capsh dumb-init npx pnpx bunx uvx tmux screen start-stop-daemon
  run-parts hyperfine daemonize`.split(/\s+/),
);

/** Programs whose first operand, or else standard input, is a program. */
const interpreters: ReadonlySet<string> = new Set(
  "ash bash bun csh dash deno expect fish guile irb ksh lua luajit mksh node nodejs osascript perl php pwsh py pypy pypy3 python python2 python3 Rscript ruby sh tclsh tcsh ts-node tsx zsh".split(
    " ",
  ),
);

/** Also with a version behind the name: python3.12, perl5.36. */
export function isInterpreter(name: string): boolean {
  return interpreters.has(name) || interpreters.has(name.replace(/-?[\d.]+$/, ""));
}

/** Whether the words of a wrapper name the command that it is to run, behind its flags, numbers and variables. */
export function namesInnerCommand(words: readonly string[]): boolean {
  return words.slice(1).some((word) => !/^(?:-|[\d.]+[a-zA-Z%]?$|[A-Za-z_]\w*=|\{\}$|$)/.test(word));
}
