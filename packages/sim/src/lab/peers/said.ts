// What the peers of a lab and the process that started them say to each other.
import { z } from 'zod'

export interface Setting {
  readonly name: string
  /** Of a hub: the address that it listens at. */
  readonly listen?: string | undefined
  /** Hubs that it dials. */
  readonly bootstrap: readonly string[]
  /** Homes whose batches a hub takes. */
  readonly homes: readonly string[]
}

export const settingForm: z.ZodType<Setting> = z.object({
  name: z.string(),
  listen: z.string().optional(),
  bootstrap: z.array(z.string()),
  homes: z.array(z.string()),
})

/** That it runs and where, or how much a hub holds of the chain of a home. */
export type Said =
  | { readonly ready: readonly string[] }
  | { readonly holds: { readonly home: string; readonly batches: number } }

export const saidForm: z.ZodType<Said> = z.union([
  z.object({ ready: z.array(z.string()) }),
  z.object({ holds: z.object({ home: z.string(), batches: z.int() }) }),
])

/** To a home: sign so many batches in all, and send those that are not acknowledged. */
export interface Wish {
  readonly batches: number
  readonly acknowledged: number
}

export const wishForm: z.ZodType<Wish> = z.object({ batches: z.int(), acknowledged: z.int() })

/** How it ended. */
export interface PeersEnd {
  readonly batches: number
  /** Batches that every hub holds which lived. */
  readonly reached: number
  readonly packets: number
  readonly lostPackets: number
}

export const peersEndForm: z.ZodType<PeersEnd> = z.object({
  batches: z.int(),
  reached: z.int(),
  packets: z.int(),
  lostPackets: z.int(),
})
