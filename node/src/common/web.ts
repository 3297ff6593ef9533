// The web as far as this machine's owner lets jobs reach it, and which hosts they asked for.
import type { Log } from '@piecework/api'
import {
  type FetchOptions,
  type GuardedFetch,
  guardedFetch,
  type HostLogEntry,
  resolveName,
} from '@piecework/work'

/** The newest ones; all of them are in the daemon's log. */
const HOSTS_REMEMBERED = 1_000

export interface WebOptions {
  readonly refusedHosts: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Log
  /** The guarded fetch; tests and the local network bring one that also reaches a site of their own. */
  readonly fetchOf?: ((options: FetchOptions) => GuardedFetch) | undefined
}

export class Web {
  readonly #options: WebOptions
  #asked: readonly HostLogEntry[] = []

  constructor(options: WebOptions) {
    this.#options = options
  }

  /** Newest last. */
  get asked(): readonly HostLogEntry[] {
    return this.#asked
  }

  for(job: string): GuardedFetch {
    const { refusedHosts, now, log, fetchOf = guardedFetch } = this.#options
    return fetchOf({
      job,
      resolve: resolveName,
      now: () => now() / 1_000,
      refusedHosts,
      log: (entry) => {
        this.#asked = [...this.#asked.slice(1 - HOSTS_REMEMBERED), entry]
        log.info('host-asked', { ...entry })
      },
    })
  }
}
