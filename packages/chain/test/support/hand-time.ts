// Time that passes only when somebody waits for it: what takes minutes takes no time, and is the same in every run.
import { SlotTime } from '@piecework/testkit'

/** Rounds in which nobody waits and nothing is settled: then nothing ever will be. */
const IDLE_ROUNDS = 1_000

export class HandTime extends SlotTime {
  /** Lets everything happen that needs no time, then so much time pass. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.now() + milliseconds
    for (await settle(); (this.next ?? Infinity) <= until; await settle()) this.#jump()
    this.pass(until - this.now())
  }

  /** Lets as much time pass as the work needs. */
  async during<T>(work: Promise<T>): Promise<T> {
    let pending = true
    const done = work.finally(() => {
      pending = false
    })
    done.catch(() => {})
    for (let idle = 0; pending && idle < IDLE_ROUNDS; idle++) {
      await settle()
      if (!pending || this.next === undefined) continue
      this.#jump()
      idle = 0
    }
    if (pending) throw new Error('it waits for something that never comes')
    return done
  }

  #jump(): void {
    const { next } = this
    if (next !== undefined) this.pass(Math.max(0, next - this.now()))
  }
}

/** Until every promise that can go on has gone on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next))
}
