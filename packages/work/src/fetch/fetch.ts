// The guarded fetch: the only way in which a kind of work reaches the web. A job says what to fetch, so nothing that it
// names is trusted: not a name, not an address, not a redirect, not a length.

import { WorkError } from '../errors.ts'
import { requestOnce } from './request.ts'
import { addressOf, PUBLIC_WEB, type Reach, refused as refusal, type Target, targetOf } from './target.ts'

export interface FetchLimits {
  readonly bytes: number
  readonly ms: number
  readonly redirects: number
}

/** A page with its scripts is far below two MiB; ten seconds and five redirects are what browsers' users bear. */
export const FETCH_LIMITS: FetchLimits = { bytes: 2_097_152, ms: 20_000, redirects: 5 }

export interface Fetched {
  /** After redirects. */
  readonly url: string
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
  /** Seconds since 1970. */
  readonly at: number
}

export interface GuardedFetch {
  /** Throws 'fetch/refused', 'fetch/limit' or 'fetch/failed'. Any status is an answer. */
  get(url: string, asked?: Partial<FetchLimits> & Visiting): Promise<Fetched>
}

export interface Visiting {
  /** Called before each request, also of a redirect. What it throws ends the fetch. */
  readonly visit?: (url: URL) => Promise<void>
}

/** One line for each host that was asked, or that was not. */
export interface HostLogEntry {
  readonly at: number
  readonly job: string
  readonly host: string
  readonly address: string | undefined
  readonly outcome: string
}

export interface FetchOptions {
  /** Names the job in the user agent and in the log, so that a site's owner can ask who is behind it. */
  readonly job: string
  readonly resolve: (host: string) => Promise<readonly string[]>
  /** Seconds since 1970. */
  readonly now: () => number
  /** What the contributor refused: a host counts with all that is below it. */
  readonly refusedHosts: readonly string[]
  readonly log: (entry: HostLogEntry) => void
}

export function guardedFetch(options: FetchOptions): GuardedFetch {
  return fetchWithin(PUBLIC_WEB, options)
}

/** For this package alone: whoever is outside gets the public web. */
export function fetchWithin(reach: Reach, options: FetchOptions): GuardedFetch {
  return {
    get: async (url, { visit, ...limits } = {}) => {
      const all = { ...FETCH_LIMITS, ...limits }
      const signal = AbortSignal.timeout(all.ms)
      try {
        return await follow(url, { reach, options, limits: all, signal, visit })
      } catch (error) {
        if (error instanceof WorkError && !signal.aborted) throw error
        if (signal.aborted)
          throw new WorkError('fetch/limit', `${url} took longer than ${all.ms} ms.`, { url })
        const why = error instanceof Error ? error.message : String(error)
        throw new WorkError('fetch/failed', `${url} could not be fetched: ${why}.`, { url })
      }
    },
  }
}

interface Following {
  readonly reach: Reach
  readonly options: FetchOptions
  readonly limits: FetchLimits
  readonly signal: AbortSignal
  readonly visit: Visiting['visit'] | undefined
}

async function follow(first: string, following: Following): Promise<Fetched> {
  const { reach, limits, visit } = following
  let target = targetOf(first, undefined, reach)
  for (let redirects = 0; ; redirects++) {
    await visit?.(target.url)
    const { location, ...fetched } = await logged(target, following)
    if (location === undefined) return fetched
    if (redirects === limits.redirects)
      throw new WorkError('fetch/limit', `${first} leads on more than ${limits.redirects} times.`, {
        url: first,
      })
    target = targetOf(location, target.url, reach)
  }
}

async function logged(
  target: Target,
  following: Following,
): Promise<Fetched & { location: string | undefined }> {
  const { log, now, job } = following.options
  const { host } = target
  let address: string | undefined
  const note = (outcome: string) => log({ at: now(), job, host, address, outcome })
  try {
    address = await allowedAddress(target, following)
    const { limits, signal } = following
    const got = await requestOnce(target, {
      address,
      bytes: limits.bytes,
      signal,
      userAgent: userAgentOf(job),
    })
    note(`${got.status}, ${got.body.length} bytes`)
    return { ...got, url: target.url.href, at: now() }
  } catch (error) {
    note(error instanceof WorkError ? error.code : 'fetch/failed')
    throw error
  }
}

async function allowedAddress(target: Target, { options, reach, signal }: Following): Promise<string> {
  if (isBelow(target.host, options.refusedHosts))
    throw refusal(target.url.href, `the owner of this machine refuses ${target.host}`)
  return addressOf(target, (host) => unlessAborted(options.resolve(host), signal), reach)
}

function isBelow(host: string, refused: readonly string[]): boolean {
  return refused.some((name) => host === name || host.endsWith(`.${name}`))
}

function userAgentOf(job: string): string {
  return `piecework/1 (job ${job.replace(/[^\w .:/-]/g, '')}; takes robots.txt for "piecework")`
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
}
