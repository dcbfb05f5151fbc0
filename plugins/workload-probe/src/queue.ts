const SPENT_BEFORE_CUT = 1024

/** First in, first out, in constant time. */
export class Queue<T> {
  #items: T[] = []
  #first = 0

  get head(): T | undefined {
    return this.#items[this.#first]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.#first === this.#items.length) return undefined
    const item = this.#items[this.#first++]
    if (this.#first > SPENT_BEFORE_CUT && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }
}
