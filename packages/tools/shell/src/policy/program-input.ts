/** Editors take keystrokes and commands from whatever their standard input is. */
export const editors: ReadonlySet<string> = new Set(
  "ed red ex vi view vim nvim emacs nano pico joe micro mg kak hx".split(" "),
);

const always = Number.POSITIVE_INFINITY;

/** How many operands programs need so that they do not take commands, which can run others, from their input. */
export const commandsFromInput: Readonly<Record<string, number>> = {
  at: always,
  batch: always,
  crontab: 1,
  dc: 1,
  ftp: always,
  gdb: always,
  gnuplot: 1,
  lftp: always,
  m4: 1,
  mysql: always,
  octave: 1,
  openssl: 1,
  psql: always,
  R: always,
  sftp: always,
  sqlite3: 2,
  telnet: always,
};

/** Options of node whose value may be the next word, by `node --help` of versions 22 and 24. */
const nodeOptions =
  "allow-fs-read allow-fs-write conditions debug-port disable-proto disable-warning dns-result-order es-module-specifier-resolution experimental-default-type experimental-package-map experimental-test-isolation experimental-test-tag-filter heapsnapshot-near-heap-limit heapsnapshot-signal icu-data-dir input-type inspect-port inspect-publish-uid localstorage-file max-http-header-size max-old-space-size-percentage network-family-autoselection-attempt-timeout report-signal secure-heap secure-heap-min security-revert test-concurrency test-coverage-branches test-coverage-exclude test-coverage-functions test-coverage-include test-coverage-lines test-isolation test-name-pattern test-random-seed test-rerun-failures test-shard test-skip-pattern test-timeout title tls-cipher-list trace-require-module unhandled-rejections use-largepages v8-pool-size watch-kill-signal watch-path";

const shellFlags = /^[-+][a-zA-Z]*[oO]$/;

/** Flags of interpreters whose value may be the next word, which then is no program. */
export const flagsWithValue: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries("bash sh dash ash ksh mksh zsh".split(" ").map((shell) => [shell, shellFlags])),
  deno: /^--(?:config|import-map|lock|location|v8-flags|seed|cert)$/,
  node: new RegExp(`^--(?:${nodeOptions.replaceAll(" ", "|")})$`),
  php: /^-[a-zA-Z]*[tdcz]$/,
  python: /^(?:-[a-zA-Z]*[WX]|--check-hash-based-pycs)$/,
  ruby: /^(?:-[a-zA-Z]*[CEIFTW]|--(?:encoding|external-encoding|internal-encoding|backtrace-limit))$/,
};
