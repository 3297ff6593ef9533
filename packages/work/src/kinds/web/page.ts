// A page as it is handed in: what was found at an address, or why there was nothing to find.
import { JUDGED_OUTPUT_BYTES } from '@piecework/protocol'
import { z } from 'zod'
import { simhash } from '../../statistics/simhash.ts'

export interface Page {
  /** `robots`: the site asks not to be read there. `elsewhere`: it leads to a host that the job does not name. */
  readonly outcome: 'page' | 'robots' | 'elsewhere'
  readonly url: string
  readonly status: number
  readonly title: string
  readonly text: string
  readonly links: readonly string[]
  /** Seconds since 1970. */
  readonly fetchedAt: number
  /** SHA-256 of the bytes that came. */
  readonly contentHash: string
  readonly simhash: string
}

const page = z.strictObject({
  outcome: z.enum(['page', 'robots', 'elsewhere']),
  url: z.string(),
  status: z.int().min(0).max(999),
  title: z.string(),
  text: z.string(),
  links: z.array(z.string()),
  fetchedAt: z.int().min(0),
  contentHash: z.string().regex(/^[0-9a-f]{64}$|^$/),
  simhash: z.string(),
})

/** Every step takes so much of the text away, until the whole fits. */
const KEPT = 0.9

export function writePage(whole: Omit<Page, 'simhash'>): Uint8Array {
  let { text } = whole
  for (;;) {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...whole, text, simhash: simhash(text) }))
    if (bytes.length <= JUDGED_OUTPUT_BYTES) return bytes
    text = text.slice(0, Math.floor(text.length * KEPT))
  }
}

/** Undefined for bytes that are no page, or whose simhash is not that of its text. */
export function readPage(output: Uint8Array): Page | undefined {
  try {
    const read = page.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(output)))
    return read.success && read.data.simhash === simhash(read.data.text) ? read.data : undefined
  } catch {
    return undefined
  }
}
