// Visits a page: only hosts that the job names, only what a site's robots.txt lets us read, redirects included.
import { createHash } from 'node:crypto'
import { lineOf } from '../../content/lines.ts'
import { WorkError } from '../../errors.ts'
import type { Fetched, GuardedFetch } from '../../fetch/fetch.ts'
import type { WorkContext } from '../../kind.ts'
import { extractWithin } from './extract-within.ts'
import { type Page, writePage } from './page.ts'
import { allows } from './robots.ts'
import type { WebSpec } from './spec.ts'

/** What RFC 9309 asks a crawler to read at least. */
const ROBOTS = { bytes: 512_000, redirects: 5 }

export interface WebTask {
  readonly spec: WebSpec
  readonly index: number
}

class NotVisited extends Error {
  readonly outcome: 'robots' | 'elsewhere'
  readonly url: URL

  constructor(outcome: 'robots' | 'elsewhere', url: URL) {
    super(`${url.href} is not visited (${outcome})`)
    this.outcome = outcome
    this.url = url
  }
}

export async function visit({ spec, index }: WebTask, { content, fetch }: WorkContext): Promise<Uint8Array> {
  if (fetch === undefined)
    throw new WorkError(
      'task/declined',
      'This machine fetches nothing from the web: its owner did not agree to it.',
    )
  const address = new TextDecoder().decode(lineOf(await content.get(spec.pages), index)).trim()
  let refused: NotVisited | undefined
  const look = async (url: URL): Promise<void> => {
    refused = await refusalOf(url, spec, fetch)
    if (refused !== undefined) throw refused
  }
  try {
    return writePage(await pageFrom(await fetch.get(address, { visit: look }), spec))
  } catch (error) {
    if (refused === undefined) throw error
    return writePage(nothingAt(refused))
  }
}

async function pageFrom(fetched: Fetched, { textChars, links }: WebSpec): Promise<Omit<Page, 'simhash'>> {
  const { url, status, contentType, body, at } = fetched
  const extracted = await extractWithin({ url, contentType, body, textChars, links })
  const contentHash = createHash('sha256').update(body).digest('hex')
  return { outcome: 'page', url, status, ...extracted, fetchedAt: Math.floor(at), contentHash }
}

function nothingAt({ outcome, url }: NotVisited): Omit<Page, 'simhash'> {
  return { outcome, url: url.href, status: 0, title: '', text: '', links: [], fetchedAt: 0, contentHash: '' }
}

async function refusalOf(url: URL, { hosts }: WebSpec, fetch: GuardedFetch): Promise<NotVisited | undefined> {
  if (!hosts.includes(url.hostname)) return new NotVisited('elsewhere', url)
  return (await mayRead(url, fetch)) ? undefined : new NotVisited('robots', url)
}

/** As RFC 9309 says: without a robots.txt all may be read; when it can't be had, nothing. */
async function mayRead(url: URL, fetch: GuardedFetch): Promise<boolean> {
  const robots = new URL('/robots.txt', url).href
  const { status, body } = await fetch.get(robots, ROBOTS)
  if (status >= 400 && status < 500) return true
  if (status < 200 || status >= 300)
    throw new WorkError(
      'fetch/failed',
      `${robots} can't be had (${status}), so nothing of its site is read.`,
      { robots },
    )
  return allows({ url: robots, text: new TextDecoder().decode(body) }, url.href)
}
