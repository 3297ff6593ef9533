// What came, in its order; and waiting for what is to come. The test's own time limit is the deadline.
export class Mailbox<T> {
  readonly #came: T[] = []
  readonly #waiting: ((value: T) => void)[] = []

  put(value: T): void {
    const first = this.#waiting.shift()
    if (first === undefined) this.#came.push(value)
    else first(value)
  }

  next(): Promise<T> {
    const [value] = this.#came.splice(0, 1)
    if (value !== undefined) return Promise.resolve(value)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The first that will do; those before it are gone. */
  async first(does: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await this.next()
      if (does(value)) return value
    }
  }
}
