/** Numbers as they come, 8 bytes each: 100,000 trials of two arms take 2 MB. */
export class Samples {
  #values = new Float64Array(64)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.#length)
  }
}
