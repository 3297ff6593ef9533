// What was measured, on disk as it comes: a restart loses none of it, and a stint may be decided epochs later.
import type { MeasuredScore } from '@piecework/protocol'
import type { EpochFiles } from '@piecework/store'
import { meanScore, sharedScores } from '@piecework/work'
import { z } from 'zod'

const NAME = 'measured'
/** In memory: those whose stints are checked. Older ones are read again. */
const HELD_EPOCHS = 4

const form = z.array(
  z.strictObject({
    job: z.int(),
    node: z.int(),
    moment: z.int(),
    score: z.int(),
    address: z.string(),
  }),
)

/** One moment of a node. */
export interface Measured {
  readonly job: number
  readonly node: number
  readonly moment: number
  /** In millionths; 0 for who was not reached. */
  readonly score: number
  /** Where its link led to; empty for who was not reached. */
  readonly address: string
}

export class MeasuredLinks {
  readonly #files: EpochFiles
  readonly #held = new Map<number, readonly Measured[]>()

  constructor(files: EpochFiles) {
    this.#files = files
  }

  async of(epoch: number): Promise<readonly Measured[]> {
    const held = this.#held.get(epoch)
    if (held !== undefined) return held
    const bytes = await this.#files.find(epoch, NAME)
    const read = bytes === undefined ? [] : form.parse(JSON.parse(new TextDecoder().decode(bytes)))
    this.#hold(epoch, read)
    return read
  }

  async add(epoch: number, more: readonly Measured[]): Promise<void> {
    const all = [...(await this.of(epoch)), ...more]
    const bytes = new TextEncoder().encode(JSON.stringify(all))
    await this.#files.keep(epoch, [{ name: NAME, bytes }])
    this.#hold(epoch, all)
  }

  /** Of each job for which the node was measured, ascending by job. */
  async scoresOf(epoch: number, node: number): Promise<readonly MeasuredScore[]> {
    const byJob = Map.groupBy(await this.of(epoch), ({ job }) => job)
    const scores = [...byJob].flatMap(([job, all]) => {
      const score = scoresIn(all).get(node)
      return score === undefined ? [] : [{ job, score }]
    })
    return scores.sort((a, b) => a.job - b.job)
  }

  #hold(epoch: number, all: readonly Measured[]): void {
    this.#held.set(epoch, all)
    const [oldest] = this.#held.keys()
    if (oldest !== undefined && this.#held.size > HELD_EPOCHS) this.#held.delete(oldest)
  }
}

/** By node: the mean over its moments, divided among all behind its address. It is where it was reached last. */
function scoresIn(all: readonly Measured[]): ReadonlyMap<number, number> {
  const byNode = [...Map.groupBy(all, ({ node }) => node)]
  const scored = byNode.map(([node, moments]) => {
    const reached = moments.findLast(({ address }) => address !== '')
    return { address: reached?.address ?? `node ${node}`, score: meanScore(moments.map((one) => one.score)) }
  })
  const shared = sharedScores(scored)
  return new Map(byNode.map(([node], i) => [node, shared[i] ?? 0]))
}
