// Content by its hash, as specs write it.
import { fromHex } from '@piecework/protocol'
import { z } from 'zod'

export const hash: z.ZodType<Uint8Array> = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no SHA-256: 64 characters of 0-9 and a-f')
  .transform((text) => fromHex(text))
