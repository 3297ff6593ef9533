// Who has which link in the lab, and what came of it.
import { z } from 'zod'

/** As wide as the lab's; a fifth of what the job asks for; there in the first half of each epoch; both behind one address. */
export const NAMES = ['fast', 'slow', 'half', 'twin-0', 'twin-1'] as const

export interface LinksEnd {
  /** In smallest units, by name. */
  readonly earned: Readonly<Record<string, number>>
  readonly final: number
  readonly conserved: boolean
  readonly failed: number
}

export const linksEndForm: z.ZodType<LinksEnd> = z.strictObject({
  earned: z.record(z.string(), z.number()),
  final: z.int(),
  conserved: z.boolean(),
  failed: z.int(),
})
