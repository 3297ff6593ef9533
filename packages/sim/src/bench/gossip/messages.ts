// What the processes of `bench gossip` tell each other.
import { z } from 'zod'

export interface Told {
  /** Where the first hub of this process listens. */
  readonly addresses: readonly string[]
}

export interface Counted {
  /** Batches and appeals, each once. */
  readonly heard: number
  /** Of the whole process, since it was counted last. */
  readonly cpuMs: number
}

export const toldForm: z.ZodType<Told> = z.object({ addresses: z.array(z.string()) })
export const countedForm: z.ZodType<Counted> = z.object({ heard: z.int(), cpuMs: z.number() })
