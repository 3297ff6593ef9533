// Waits until a network of real processes owes nobody anything any more.
import { setTimeout as pause } from 'node:timers/promises'
import type { Books } from '@piecework/cli/local'
import type { Stage } from './stage.ts'

const LOOK_MS = 2_000

export interface Settled {
  readonly books: Books
  readonly settled: boolean
}

export interface Settling {
  /** Until it is given up. */
  readonly ms: number
  /** Whether what has to be settled is in the books. */
  readonly isDue: (books: Books) => boolean
}

/** Until it is due, everything that was carried is decided, and nothing that was earned is still on its way. */
export async function untilSettled(stage: Stage, { ms, isDue }: Settling): Promise<Settled> {
  const end = performance.now() + ms
  // Before that nobody can say anything of anybody's money.
  while ((await stage.standing()).final < 0 && performance.now() < end) await pause(LOOK_MS)
  for (;;) {
    const books = await stage.books()
    const isDecided = books.nodes.every(({ outcomes }) =>
      outcomes.every(({ outcome }) => outcome !== 'carried'),
    )
    const settled = isDue(books) && isDecided && books.conserved && books.inStep && books.allClaimed
    if (settled || performance.now() > end) return { books, settled }
    await pause(LOOK_MS)
  }
}
