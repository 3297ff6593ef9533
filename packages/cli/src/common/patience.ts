// Waiting for something that others do: asked again and again, up to a deadline.
import type { Context } from '../context.ts'
import { CliError, exitOf } from '../errors.ts'

/** About a slot. */
const EVERY_MS = 500

export interface Patience {
  readonly ms: number
  /** For the sentence when it is over. */
  readonly what: string
}

/** The first value that is not undefined. Who does not answer for a moment is asked again like the others. */
export async function until<T>(
  { io }: Context,
  { ms, what }: Patience,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const end = io.rpc.time.now() + ms
  for (;;) {
    const isLast = io.rpc.time.now() >= end
    try {
      const found = await look()
      if (found !== undefined) return found
    } catch (error) {
      if (isLast || exitOf(error) !== 'unreachable') throw error
    }
    if (isLast) throw new CliError('notYet', `${what} took longer than ${Math.round(ms / 1_000)} s.`)
    await io.rpc.time.wait(EVERY_MS)
  }
}
