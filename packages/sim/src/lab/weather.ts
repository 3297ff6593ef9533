// What happens to packets on the wire between hubs and homes.
import { z } from 'zod'

export interface Weather {
  /** Of the packets of each direction, from 0 to 1. */
  readonly loss: number
  /** Of each packet that isn't lost. */
  readonly delayMs: number
}

export const weatherForm: z.ZodType<Weather> = z.object({
  loss: z.number().min(0).max(1),
  delayMs: z.number().min(0),
})

/** What the wire tells its parent whenever the weather changes: packets since the change before. */
export interface Carried {
  readonly packets: number
  readonly lost: number
}
