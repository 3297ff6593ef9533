// What a contributor's node says of itself at its local API, as far as the local network shows it.
import { z } from 'zod'

const amount: z.ZodType<bigint, string> = z.string().regex(/^\d+$/).transform(BigInt)

export interface NodeSaid {
  readonly enrolled: boolean
  readonly tasks: { readonly done: number }
  readonly standing?: { readonly bond: bigint; readonly held: bigint } | undefined
  readonly claims: readonly {
    readonly at: number
    readonly epoch: number
    readonly paid: bigint
    readonly fee: bigint
  }[]
  readonly latencies: {
    readonly newest: readonly { readonly epoch: number; readonly seq: number; readonly seconds: number }[]
  }
  readonly results: readonly {
    readonly epoch: number
    readonly outcome: 'paid' | 'carried' | 'failed'
    readonly rows: number
    readonly paidRows: number
    readonly pay: bigint
    readonly reason: string
  }[]
}

export const nodeSaid: z.ZodType<NodeSaid> = z.object({
  enrolled: z.boolean(),
  tasks: z.object({ done: z.number() }),
  standing: z.object({ bond: amount, held: amount }).optional(),
  claims: z.array(z.object({ at: z.number(), epoch: z.number(), paid: amount, fee: amount })),
  latencies: z.object({
    newest: z.array(z.object({ epoch: z.number(), seq: z.number(), seconds: z.number() })),
  }),
  results: z.array(
    z.object({
      epoch: z.number(),
      outcome: z.enum(['paid', 'carried', 'failed']),
      rows: z.number(),
      paidRows: z.number(),
      pay: amount,
      reason: z.string(),
    }),
  ),
})
