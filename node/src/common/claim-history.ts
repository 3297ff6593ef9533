// What was claimed, as it is remembered on this machine.
import { jsonSetting, type Setting } from '@piecework/store'
import { z } from 'zod'

/** The newest ones: as many as fit a setting. */
export const MAX_ENTRIES = 200

export interface ClaimEntry {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly epoch: number
  readonly account: number
  /** In smallest units. */
  readonly paid: string
  readonly fee: string
  readonly signature: string
}

const amount = z.string().regex(/^\d+$/)
const historyForm: z.ZodType<readonly ClaimEntry[]> = z.array(
  z.strictObject({
    at: z.number(),
    epoch: z.int(),
    account: z.int(),
    paid: amount,
    fee: amount,
    signature: z.string(),
  }),
)

export const claimHistory: Setting<readonly ClaimEntry[]> = jsonSetting('node/claims', (value) =>
  historyForm.parse(value),
)
