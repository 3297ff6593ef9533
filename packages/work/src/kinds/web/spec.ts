// What a web job says: which pages of which hosts, and how much of each is kept.
import { z } from 'zod'
import { hash } from '../../content/hash.ts'

/** A contributor reads them all before it agrees. */
const HOSTS = 500
const NAME_CHARS = 253
/** With links and escapes it still fits into what a report carries of an answer. */
const TEXT_CHARS = 24_576
const USUAL_TEXT_CHARS = 16_384
const LINKS = 100
const USUAL_LINKS = 50
/** Bits of a simhash: pages that share nothing differ in 32 of 64. */
const ALIKE = 12
const USUAL_ALIKE = 6

export interface WebSpec {
  readonly pages: Uint8Array
  readonly hosts: readonly string[]
  readonly textChars: number
  readonly links: number
  readonly alike: number
}

export const webSpec: z.ZodType<WebSpec> = z.strictObject({
  pages: hash.describe('SHA-256 of a text: line i is the address of the page of task i'),
  hosts: z
    .array(
      z
        .string()
        .max(NAME_CHARS)
        .regex(/^[a-z0-9.-]+$/, 'is no name of a host in small letters'),
    )
    .min(1)
    .max(HOSTS)
    .describe('all hosts that are visited; a redirect to another one is not followed'),
  textChars: z.int().min(1).max(TEXT_CHARS).default(USUAL_TEXT_CHARS).describe('of a text that are kept'),
  links: z.int().min(0).max(LINKS).default(USUAL_LINKS).describe('of a page that are kept'),
  alike: z
    .int()
    .min(0)
    .max(ALIKE)
    .default(USUAL_ALIKE)
    .describe('bits of 64 in which the simhash of two texts of the same page may differ'),
})
