/** A store that is only watched keeps no process alive; whoever waits for it does so with this. */
export function keepAlive(): Disposable {
  const timer = setInterval(() => {}, 2 ** 30);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
