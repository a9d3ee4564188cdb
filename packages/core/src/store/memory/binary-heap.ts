/** A queue that hands out its smallest item first. */
export class BinaryHeap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (left: Item, right: Item) => number;

  constructor(compare: (left: Item, right: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  /** In no particular order. */
  items(): Iterable<Item> {
    return this.#items;
  }

  /** Drops what does not pass. */
  keep(passes: (item: Item) => boolean): void {
    const kept = this.#items.filter(passes);
    this.#items.length = 0;
    for (const item of kept) this.push(item);
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let place = items.length;
    items.push(item);
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = items[parentPlace];
      if (parent === undefined || this.#compare(parent, item) <= 0) break;
      items[place] = parent;
      place = parentPlace;
    }
    items[place] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let place = 0;
    for (;;) {
      const childPlace = this.#smallerChild(place);
      const child = items[childPlace];
      if (child === undefined || this.#compare(last, child) <= 0) break;
      items[place] = child;
      place = childPlace;
    }
    items[place] = last;
    return first;
  }

  #smallerChild(place: number): number {
    const left = 2 * place + 1;
    const leftItem = this.#items[left];
    const rightItem = this.#items[left + 1];
    if (leftItem === undefined || rightItem === undefined) return left;
    return this.#compare(leftItem, rightItem) <= 0 ? left : left + 1;
  }
}
